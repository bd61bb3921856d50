import json
import json.decoder

print(json.__path__, json.decoder.WHO)
