// Each level repeats the name of the one before it, twice: a gigabyte of text in one message.
template <class A, class B> struct P {};
template <class T> using Q = P<T, T>;
template <class T> using R = Q<Q<Q<Q<Q<Q<T>>>>>>;
using Long = R<R<R<R<int>>>>;

int main() { Long value = 1; return value; }
