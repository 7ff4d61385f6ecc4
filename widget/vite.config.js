// One file for the website: channels/static/widget.js, with the licences of what it bundles beside it. No source map, same bytes each time.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { lean } from './build/lean.js';
import { licences } from './build/licences.js';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  oxc: { jsx: { runtime: 'classic', pragma: 'h', pragmaFrag: 'Fragment' } },
  plugins: [lean(), licences('widget.LICENSES.txt')],
  build: {
    target: 'es2019',
    cssTarget: ['chrome90', 'safari15', 'firefox90'],
    outDir: here('../channels/static'),
    emptyOutDir: false,
    sourcemap: false,
    minify: 'terser',
    terserOptions: {
      ecma: 2019,
      compress: { passes: 3 },
      mangle: { properties: { regex: /^_/ } }, // private names of the packages; nothing that starts so goes over the wire
      format: { comments: false, preamble: '/* Licences of what this file contains: widget.LICENSES.txt */' },
    },
    modulePreload: false,
    rolldownOptions: {
      input: here('src/main.js'),
      output: { format: 'iife', entryFileNames: 'widget.js', codeSplitting: false, comments: { legal: false } },
    },
  },
  test: { environment: 'jsdom', include: ['tests/*.test.js'] },
});
