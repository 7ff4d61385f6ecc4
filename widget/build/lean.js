// Leaves out of socket.io-client what the widget never uses: binary messages, WebTransport, XMLHttpRequest (fetch polls instead), code for
// old browsers, and the `io` cache of connections. Everything else is the packages' own code.
import { fileURLToPath } from 'node:url';

const file = (path) => fileURLToPath(new URL(`../node_modules/${path}`, import.meta.url));
const MARK = '\0lean:';
const FETCH = `export { Fetch as XHR } from ${JSON.stringify(file('engine.io-client/build/esm/transports/polling-fetch.js'))};`;
const GLOBALS = `export const globalThisShim = self, nextTick = (run) => Promise.resolve().then(run), defaultBinaryType = 'arraybuffer';
export function createCookieJar() {}`;
const ADDRESS = `export function parse(address) {
  const { hostname, protocol, port, search } = new URL(address);
  return { host: hostname.replace(/[[\\]]/g, ''), protocol: protocol.slice(0, -1), port, query: search.slice(1) };
}`;

// [package, file as it is imported, what stands in for it]
const REPLACED = [
  ['engine.io-client', '/polling-xhr.node.js', FETCH],
  ['engine.io-client', '/polling-xhr.js', FETCH],
  ['engine.io-client', '/webtransport.js', 'export const WT = null;'],
  ['engine.io-client', '/globals.node.js', GLOBALS],
  ['engine.io-client', '/parseuri.js', ADDRESS],
  ['engine.io-parser', '/base64-arraybuffer.js', 'export const decode = null;'],
  ['socket.io-parser', '/is-binary.js', 'export const isBinary = () => false, hasBinary = isBinary;'],
  ['socket.io-parser', '/binary.js', 'export const deconstructPacket = null, reconstructPacket = null;'],
];

export function lean() {
  return {
    name: 'lean',
    enforce: 'pre',
    resolveId(source, importer = '') {
      if (source === 'socket.io-client') return file('socket.io-client/build/esm/manager.js');
      const index = REPLACED.findIndex(([name, path]) => importer.includes(`/${name}/`) && source.endsWith(path));
      return index < 0 ? null : MARK + index;
    },
    load: (id) => (id.startsWith(MARK) ? REPLACED[Number(id.slice(MARK.length))][2] : null),
  };
}
