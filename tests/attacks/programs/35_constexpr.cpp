constexpr long spin(long n)
{
	long sum = 0;
	for (long i = 0; i < n; i++)
		sum += i % 3;
	return sum;
}
template <long N> constexpr long tower() { return spin(200000) + tower<N - 1>(); }
template <> constexpr long tower<0>() { return 0; }
static_assert(tower<800>() != 0);

int main() {}
