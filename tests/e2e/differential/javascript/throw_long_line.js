const text = 'a long line of source'; const other = [1, 2, 3].map((n) => n * 2).filter((n) => n > 2).reduce((a, b) => a + b); text.missing.property;
