print("tiddu-bench")
