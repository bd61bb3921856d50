for (const name of ['fetch', 'Headers', 'FormData', 'WebSocket', 'crypto', 'navigator', 'structuredClone',
  'AbortController', 'Blob', 'BroadcastChannel', 'performance', 'URL', 'TextEncoder', 'CustomEvent',
  'ReadableStream', 'WebAssembly', 'SharedArrayBuffer', 'gc', 'window', 'self', 'global']) {
  console.log(name, typeof globalThis[name]);
}
