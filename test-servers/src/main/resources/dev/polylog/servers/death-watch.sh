# Reads lines from the JVM that started it: "process ID" (kill this one), "over" (do nothing).
# At the end of the input the JVM has died: kills the process with all below it, removes the folder $1.
trap '' HUP INT QUIT TERM
folder=$1
root=0
while read -r verb value; do
  case $verb in
    process) root=$value ;;
    over) exit 0 ;;
  esac
done

pairs() {
  if [ -r /proc/self/stat ]; then
    for stat in /proc/[0-9]*/stat; do
      { read -r line <"$stat"; } 2>/dev/null || continue
      id=${line%% *}
      # The name in brackets may hold blanks; after it come the state and the parent.
      set -- ${line##*) }
      echo "$id $2"
    done
  else
    ps -A -o pid= -o ppid=
  fi
}

family() {
  echo "$1"
  echo "$table" | while read -r id parent; do
    if [ "$parent" = "$1" ]; then family "$id"; fi
  done
}

if [ "$root" -gt 1 ]; then
  kill -s STOP "$root"
  table=$(pairs)
  all=$(family "$root")
  kill -s KILL $all
  tries=0
  while kill -0 $all && [ "$tries" -lt 100 ]; do
    tries=$((tries + 1))
    sleep 0.1
  done
fi
rm -rf -- "$folder"
