exports.who = 'mine';
