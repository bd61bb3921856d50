/* Diagnostics without end: an error for each of the lines that the macros make. */
#pragma GCC diagnostic warning "-Wall"
#define A(x) x x x x x x x x x x
#define B(x) A(A(x))
#define C(x) B(B(x))
void f(void)
{
	C(C(undeclared_function(1); int *p = 1; (void)p;))
}
