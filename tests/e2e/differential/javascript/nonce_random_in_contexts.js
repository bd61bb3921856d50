const vm = require('vm');
console.log('nonce context', vm.runInNewContext('Math.random()'));
console.log('nonce temporary', require('fs').mkdtempSync('/tmp/x-'));
console.log('nonce time', process.hrtime.bigint(), Date.now());
const { generateKeyPairSync } = require('crypto');
const pair = generateKeyPairSync('ed25519');
console.log('nonce key', pair.publicKey.export({ type: 'spki', format: 'der' }).toString('hex'));
