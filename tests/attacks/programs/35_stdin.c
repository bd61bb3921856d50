#include </dev/stdin>
