process.on('unhandledRejection', (reason, promise) => console.log('unhandled', reason, promise));
process.on('rejectionHandled', () => console.log('handled late'));
const promise = Promise.reject(1);
setTimeout(() => promise.catch(() => {}), 5);
