const fs = require('fs');
const buffer = Buffer.alloc(5);
let count;
while ((count = fs.readSync(0, buffer, 0, 5)) > 0) console.log(count, buffer.toString('utf8', 0, count));
