for (let i = 0; i < 20000; i++) console.log(i, 'x'.repeat(10));
console.error('y'.repeat(100000));
