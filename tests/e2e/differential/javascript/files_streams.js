const fs = require('fs');
const { pipeline, Transform } = require('stream');
const zlib = require('zlib');
fs.writeFileSync('big', 'line\n'.repeat(50000));
pipeline(fs.createReadStream('big'), zlib.createGzip(), zlib.createGunzip(),
  new Transform({ transform(chunk, _, done) { done(null, String(chunk.length % 7) && ''); } }),
  fs.createWriteStream('out'), (error) => console.log(error, fs.statSync('out').size));
console.log(zlib.crc32 ? 1 : 0, zlib.deflateSync('x'.repeat(100)).toString('base64'));
