for (const name of ['stdin', 'stdout', 'stderr', 'argv', 'env', 'title', 'mainModule', 'binding']) {
  const { value, get, set, writable, enumerable, configurable } = Object.getOwnPropertyDescriptor(process, name);
  console.log(name, typeof value, get?.name, set?.name, writable, enumerable, configurable);
}
console.log(process.mainModule === module, process._exiting, process._preload_modules);
