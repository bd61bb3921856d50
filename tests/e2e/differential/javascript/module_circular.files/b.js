module.exports = { seen: { ...require('./a') } };
