# What is wrong with the manifests: one line for each defect, nothing when all is well.
# Input: the slurped list of {folder, manifest}.

def is_text: type == "string" and length > 0;
def is_argv: type == "array" and length > 0 and all(.[]; is_text) and (.[0] | test("^(/|[.]/)"));
def is_name: is_text and test("^[a-z0-9+#._-]{1,31}$");
def known: ["name", "aliases", "judge0_id", "file", "compile", "artifact", "run", "environment", "version", "warm", "packages"];

def defects:
  (keys - known | .[] | "unknown key \"\(.)\""),
  (if .name | is_name | not then "name: lower case, at most 31 characters" else empty end),
  (if .aliases | type == "array" and length <= 8 and all(.[]; is_name) then empty
   else "aliases: a list of at most 8 lower-case names" end),
  (if .judge0_id | type == "number" and . >= 0 and . == floor then empty
   else "judge0_id: a whole number, 0 for none" end),
  (if .file | is_text and test("^[A-Za-z0-9_-]+([.][A-Za-z0-9_+-]+)+$") and length <= 31 then empty
   else "file: a plain file name with an extension, at most 31 characters" end),
  (if has("compile") and (.compile | is_argv and index("{sources}") != null | not)
   then "compile: a command with \"{sources}\" among its arguments, by absolute path" else empty end),
  (if has("artifact") and (has("compile") and (.artifact | is_text and test("^[A-Za-z0-9_.][A-Za-z0-9_.+-]*$") and length <= 31) | not)
   then "artifact: the plain name of the file that the compile command makes" else empty end),
  (if .run | is_argv then empty else "run: a command by absolute path, or \"./main\"" end),
  (if has("warm") and (.warm | type == "object" and length == 1
                       and all(to_entries[]; (.key == "fork" or .key == "wait") and (.value | is_argv)) | not)
   then "warm: {\"fork\": command} or {\"wait\": command}" else empty end),
  (if .environment | type == "object" and all(.[]; type == "string") then empty
   else "environment: an object of strings" end),
  (if .version | is_argv then empty else "version: a command by absolute path" end),
  (if .packages | type == "array" and all(.[]; is_text and test("^[a-z0-9][a-z0-9+.-]*$")) then empty
   else "packages: a list of Debian package names" end);

(.[] | .folder as $folder | .manifest
 | (defects | "\($folder)/language.json: \(.)"),
   (if .name != $folder then "\($folder)/language.json: name is not the folder's" else empty end)),
([.[].manifest | .name, (.aliases? // [])[]] | group_by(.)[] | select(length > 1)
 | "two languages are called \"\(.[0])\"")
