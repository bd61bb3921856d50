Error.prepareStackTrace = (error, frames) => `${error}: ${frames.length} frames, ` +
  frames.map((frame) => frame.getFunctionName()).join();
console.log(new Error('x').stack);
throw new Error('y');
