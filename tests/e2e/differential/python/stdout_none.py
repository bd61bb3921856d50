import sys

sys.stdout = None
print("goes nowhere")
sys.stderr.write("end\n")
