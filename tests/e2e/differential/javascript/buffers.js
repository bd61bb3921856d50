console.log(Buffer.poolSize, Buffer.from('héllo').toString('base64'), Buffer.from([1, 256, -1]));
console.log(Buffer.alloc(3, 'ab'), Buffer.concat([Buffer.from('a'), Buffer.from('b')]), Buffer.byteLength('€'));
console.log(Buffer.from('ff', 'hex').readUInt8(), Buffer.from('abc').subarray(1).toString());
console.log(Buffer.from('a').byteOffset, Buffer.from('b').byteOffset, Buffer.allocUnsafe(4).byteOffset);
console.log(require('buffer').constants, new TextDecoder('utf-16le').decode(Uint8Array.of(65, 0)));
