const error = new Error('x');
Object.defineProperty(error, 'stack', { get() { return 'a stack of its own'; } });
throw error;
