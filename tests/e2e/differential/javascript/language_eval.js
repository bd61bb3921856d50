console.log(eval('1 + 1'), typeof eval('(function () {})'), new Function('a', 'return a * 2')(21));
eval('var leaked = 5');
console.log(leaked, (0, eval)('typeof module'), (0, eval)('typeof require'));
eval('throw new Error("from eval")');
