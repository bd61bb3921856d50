const { performance } = require('perf_hooks');
console.log(process.uptime() > 0, process.uptime() < 5, performance.now() > 0, performance.now() < 5000);
console.log(Math.abs(performance.timeOrigin + performance.now() - Date.now()) < 100);
console.log(process.hrtime().length, typeof process.hrtime.bigint());
const usage = process.cpuUsage();
console.log(usage.user + usage.system < 2e6, process.resourceUsage().maxRSS < 200000);
