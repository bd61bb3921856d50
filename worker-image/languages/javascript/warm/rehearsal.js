// A program like many: see primer.js.
'use strict';

class Point {
  constructor(x, y) {
    this.x = x;
    this.y = y;
  }
}

module.exports = function main(console) {
  const counts = new Map();

  for (const word of 'the quick brown fox jumps over the lazy dog'.split(' '))
    counts.set(word, (counts.get(word) || 0) + 1);
  console.log('Hello, %s!', 'World', 42, [1, 2, 3], { a: [new Point(1, 2)] });
  console.log([...counts].sort().map(([word, count]) => `${word}: ${count}`).join('\n'));
  console.error(new Error('no').message, JSON.stringify({ counts: counts.size }));
};
