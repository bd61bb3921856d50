console.log(process._getActiveHandles().length, process._getActiveRequests().length);
console.log(process.getActiveResourcesInfo());
console.log(1);
console.log(process._getActiveHandles().map((handle) => handle.constructor.name));
