print("mine runs")
value = 1
