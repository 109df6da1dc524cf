import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

/** Writes `.br` and `.gz` beside every text file of the build, so that the server never compresses an asset itself. */
function precompress(): Plugin {
  let folder = '';
  return {
    name: 'precompress',
    apply: 'build',
    configResolved({ build }) {
      folder = build.outDir;
    },
    closeBundle() {
      for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
        const file = join(folder, name);
        if (!/\.(js|css|svg|json|geojson|webmanifest)$/.test(name) || !statSync(file).isFile()) continue;
        const bytes = readFileSync(file);
        if (bytes.length < 1024) continue;
        writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
        writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }));
      }
    },
  };
}

/** The server writes every HTML page itself from the build's manifest, so the inputs are scripts, not HTML files. */
export default defineConfig({
  publicDir: 'web/public',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  plugins: [precompress()],
  build: {
    outDir: 'dist/web',
    emptyOutDir: true,
    manifest: 'manifest.json',
    // The oldest browsers of the contract.
    target: ['safari14', 'chrome87', 'firefox78'],
    cssTarget: ['safari14', 'chrome87', 'firefox78'],
    // An inlined image would need `data:` in more places of the content policy than it is worth.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: {
      output: {
        // Few files: on a phone each request costs more than the bytes it saves.
        codeSplitting: {
          groups: [
            // With what the build itself adds (private fields for old browsers, loading on demand): else it lands in the first
            // group that needs it, and every page would fetch Leaflet for it.
            { name: 'preact', test: /node_modules.@?preact|@oxc-project.runtime|vite.preload-helper/ },
            { name: 'base', test: /[\\/](web|server)[\\/]/, minShareCount: 3 },
            // With what every map of ours is made of: the main map and the one for the pin share it.
            { name: 'leaflet', test: /node_modules.leaflet|web.map.(baseLayer|backdrop|mapCanvas|mapTheme|mercator)/ },
          ],
        },
      },
      input: {
        map: 'web/entries/map.tsx',
        station: 'web/entries/station.tsx',
        host: 'web/entries/host.tsx',
        admin: 'web/entries/admin.tsx',
        text: 'web/entries/text.tsx',
        area: 'web/entries/area.tsx',
        report: 'web/entries/report.tsx',
      },
    },
  },
});
