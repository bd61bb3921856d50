export let live = 1;
export default function f() {}
