exports.early = 1;
exports.b = require('./b');
exports.late = 2;
