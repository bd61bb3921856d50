const a = 1;
const ü = '日本' 5;
