class CustomError extends Error {
  constructor(text) {
    super(text);
    this.name = 'CustomError';
  }
}

throw new CustomError('custom');
