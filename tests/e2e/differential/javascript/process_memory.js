const usage = process.memoryUsage();
console.log(Object.keys(usage), usage.rss < 200e6, usage.heapUsed < 20e6, usage.heapTotal < 40e6);
console.log(process.memoryUsage.rss() > 1e6, require('v8').getHeapStatistics().heap_size_limit);
console.log(require('os').totalmem() > 1e6, process.constrainedMemory?.());
