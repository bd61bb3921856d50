const crypto = require('crypto');
for (const name of ['md5', 'sha1', 'sha256', 'sha512', 'ripemd160']) {
  console.log(name, crypto.createHash(name).update('kiln').digest('hex'));
}
console.log(crypto.createHmac('sha256', 'key').update('x').digest('base64'), crypto.getHashes().length);
console.log(crypto.scryptSync('password', 'salt', 16).toString('hex'), crypto.getFips());
crypto.subtle.digest('SHA-256', Buffer.from('kiln')).then((d) => console.log(Buffer.from(d).toString('hex')));
