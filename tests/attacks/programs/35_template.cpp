template <int N, int M> struct Tower {
	using type = Tower<N - 1, M * 2>;
	static const long value = type::value + Tower<N - 1, M * 2 + 1>::value;
};
template <int M> struct Tower<0, M> { static const long value = M; };

int main() { return Tower<28, 1>::value; }
