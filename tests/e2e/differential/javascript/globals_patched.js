Array.prototype.push = function () { return 'patched'; };
Object.prototype.polluted = 'yes';
JSON.stringify = () => 'mine';
console.log([].push(1), {}.polluted, JSON.stringify({}));
const keys = [];
for (const key in {}) keys[keys.length] = key;
console.log(keys.length, process.argv.length);
