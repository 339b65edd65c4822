// What a page leads to, loads or sends to.
const named = ["href", "src", "xlink:href", "data", "action"];
const every = "a, area, form, iframe, script, link, object, embed, img, base, meta[http-equiv]";
const to = (one) => named.map((name) => one.getAttribute(name)).find((value) => value !== null) ?? "";
return [...document.querySelectorAll(every)].map((one) => [one.tagName, to(one)]);
