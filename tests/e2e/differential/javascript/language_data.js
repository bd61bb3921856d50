console.log([3, 1, 10].sort(), [3, 1, 10].sort((a, b) => a - b), [1, [2, [3]]].flat(Infinity), 'abc'.at(-1));
console.log(0.1 + 0.2, 2n ** 100n, 7 % -3, -7 >> 1, 1 / 0, Number.MAX_SAFE_INTEGER, (1234.5678).toFixed(2));
console.log(structuredClone({ d: new Date(0), m: new Map([[1, { a: 2 }]]) }), Object.groupBy, [1, 2].toSorted);
const { a, ...rest } = { a: 1, b: 2, c: 3 };
console.log(rest, a ?? 2, rest?.x?.y, `${[1, 2]}`, typeof null, [] + {}, [..."ü𝄞"].length);
console.log('x'.padStart(3, '-'), 'a-b'.replaceAll('-', '+'), /(?<y>\d{4})/.exec('in 2024').groups.y);
label: for (const i of [1, 2]) for (const j of [1, 2]) { if (j === 2) continue label; console.log(i, j); }
console.log([...(function* () { yield* [1, 2]; })()], new Intl.NumberFormat('de').format(1234567.89));
