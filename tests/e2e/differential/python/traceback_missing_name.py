from json import nothing_of_this_name
