// Where a link or a picture leads that a text has named, and what was asked of other machines.
const named = [...document.querySelectorAll("a, img, iframe, object, embed, script, link")]
  .map((one) => String(one.getAttribute("href") ?? one.getAttribute("src") ?? ""))
  .filter((to) => /\/ran\/|ran\(|^\s*(javascript|vbscript|data:text)/i.test(to));
const loaded = performance.getEntriesByType("resource").map(({ name }) => name)
  .filter((name) => /^[a-z]+:\/\//.test(name))
  .filter((name) => !/^(file:|https?:\/\/(localhost|127\.0\.0\.1)[:\/])/.test(name));
return [...named, ...loaded.map((name) => `loads ${name}`)];
