exports.who = __filename;
