export default 'default';
export const named = await 'named';
