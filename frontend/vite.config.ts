import { defineConfig } from "vite";

/* Built into static/app/ with a manifest; the template tag `island` reads it (common/bundle.py).
   Relative addresses, so that the bundle may lie under any prefix. */
export default defineConfig({
  base: "./",
  publicDir: false,
  build: {
    outDir: "../static/app",
    emptyOutDir: true,
    manifest: "manifest.json",
    target: "es2022",
    // A font as a data: address would be refused by the policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: ["shell", "editor", "review", "run", "viewer", "form-builder", "decision-editor", "sandbox"].map((name) => `src/entrypoints/${name}.ts`),
    },
  },
});
