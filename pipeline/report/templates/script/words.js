"use strict";
// The page of the report: its words, the list of documents, and each document before and after.
// Texts are hostile. They reach the page as the text of an element alone: nothing here makes markup out of a string.

const { rules, steps, families, flags, columns, scripts, words, chinese } = JSON.parse(document.getElementById("data").textContent);
const chineseOf = new Map(Object.entries(chinese));
const by = (id) => document.getElementById(id);
const number = (value) => value.toLocaleString("en");

/** An element with these properties, attributes and children; strings become text. */
function make(tag, { data = {}, attributes = {}, ...properties } = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  Object.assign(made.dataset, data);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children.flat().filter((child) => child !== null && child !== ""));
  return made;
}

const preferred = navigator.language.startsWith("zh") ? "zh" : "en";
let language = ["en", "zh"].find((one) => one === kept("language")) ?? preferred;

/** What a browser has kept, and is to keep; one that keeps nothing for a page in a folder may say so loudly. */
function kept(name, value) {
  try {
    if (value !== undefined) localStorage.setItem(name, value);
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

/** A phrase in the language that was chosen, with values in the place of {names}. */
const say = (key, values = {}) => words[key][language].replace(/\{(\w+)\}/g, (name, bare) => values[bare] ?? name);

/** A sentence of the pipeline in the language that was chosen, as far as it is known in it. */
const told = (sentence) => (language === "zh" ? chineseOf.get(sentence) ?? sentence : sentence);
const spelled = (sentence) => told(sentence).split("`").map((part, n) => (n % 2 ? make("code", {}, part) : part));
const languageOf = (sentence) => (language === "zh" && chineseOf.has(sentence) ? "zh-Hans" : "en");

const editsOf = (times) => (times === 1 ? say("one_edit") : say("n_edits", { n: number(times) }));

/** Put every word of the page into the language that was chosen; what the dataset says stays as it is. */
function speak() {
  document.documentElement.lang = language === "zh" ? "zh-Hans" : "en";
  const each = (name, act) => document.querySelectorAll(`[data-${name}]`).forEach((one) => act(one, one.dataset[name]));
  each("word", (one, key) => { one.textContent = say(key, JSON.parse(one.dataset.values ?? "{}")); });
  each("sentence", (one, sentence) => {
    one.dataset.sentence = sentence || one.textContent; // as the page came, it is in English
    one.replaceChildren(...spelled(one.dataset.sentence));
    one.lang = languageOf(one.dataset.sentence);
  });
  each("name", (one, key) => one.setAttribute("aria-label", say(key, JSON.parse(one.dataset.values ?? "{}"))));
  each("title", (one, key) => { one.title = say(key); });
  each("hint", (one, key) => { one.placeholder = say(key); });
  each("group", (one, key) => { one.label = say(key); });
  choose();
  if (account) drawDocument();
}
