import heapq
from collections import defaultdict, deque


def dijkstra(graph, start):
    distance, queue = {start: 0}, [(0, start)]
    while queue:
        cost, node = heapq.heappop(queue)
        for other, weight in graph[node]:
            if cost + weight < distance.get(other, 1 << 60):
                distance[other] = cost + weight
                heapq.heappush(queue, (cost + weight, other))
    return distance


graph = defaultdict(list)
for n in range(1000):
    graph[n] += [((n * 7 + 1) % 1000, n % 13 + 1), ((n * 3 + 2) % 1000, n % 5 + 1)]
print(sum(dijkstra(graph, 0).values()))
sieve = bytearray([1]) * 50000
for n in range(2, 224):
    if sieve[n]:
        sieve[n * n::n] = bytes(len(sieve[n * n::n]))
print(sum(sieve) - 2)
window = deque(maxlen=3)
for n in range(10):
    window.append(n)
print(window)
