// Builds what browsers get: static/build/app.css, app.js and the font files they name.
// Only the parts of Designsystemet that we use are imported (portal/ui/css/app.css says which), and
// what its theme brings beyond that (dark scheme, second typography) is left out.
// `node portal/ui/build.mjs [--watch]`; production adds digests to the names (collectstatic).
import { build, context } from "esbuild";
import { readFile, rm, writeFile } from "node:fs/promises";
import { brotliCompressSync, gzipSync } from "node:zlib";

const LEFT_OUT = ["ds.theme.color-scheme.dark", "ds.theme.typography.secondary"];
const OUT = "static/build";

/** Removes the `@layer name {...}` blocks named in LEFT_OUT and the media queries for "auto". */
function trim(css) {
  const starts = [
    ...LEFT_OUT.map((name) => `@layer ${name}{`),
    "@media (prefers-color-scheme: light){",
    "@media (prefers-color-scheme: dark){",
  ];
  for (const start of starts) {
    for (let at = css.indexOf(start); at !== -1; at = css.indexOf(start)) {
      let depth = 1;
      let end = at + start.length;
      while (depth > 0) {
        if (css[end] === "{") depth += 1;
        if (css[end] === "}") depth -= 1;
        end += 1;
      }
      css = css.slice(0, at) + css.slice(end);
    }
  }
  return css;
}

const trimTheme = {
  name: "trim-theme",
  setup(builder) {
    builder.onLoad({ filter: /designsystemet-css\/dist\/theme\/designsystemet\.css$/ }, async (file) => ({
      contents: trim(await readFile(file.path, "utf8")),
      loader: "css",
    }));
  },
};

const options = {
  entryPoints: ["portal/ui/css/app.css", "portal/ui/js/app.js"],
  entryNames: "[name]",
  outdir: OUT,
  bundle: true,
  minify: true,
  format: "esm",
  target: ["chrome109", "firefox115", "safari16"],
  loader: { ".woff2": "file" },
  assetNames: "fonts/[name]",
  plugins: [trimTheme],
  logLevel: "info",
};

if (process.argv.includes("--watch")) {
  await (await context(options)).watch();
} else {
  await rm(OUT, { recursive: true, force: true });
  await build(options);
  // For servers without collectstatic (the demo): whitenoise hands these out when it finds them.
  for (const name of ["app.css", "app.js"]) {
    const file = await readFile(`${OUT}/${name}`);
    await writeFile(`${OUT}/${name}.br`, brotliCompressSync(file));
    await writeFile(`${OUT}/${name}.gz`, gzipSync(file, { level: 9 }));
  }
}
