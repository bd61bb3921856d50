exports.named = 'n';
exports.main = require.main?.filename;
