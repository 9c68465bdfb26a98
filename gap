#!/bin/sh
# Builds Gapstream on first use and after a change, then runs the command line.
set -u

fail() {
  printf 'gap: %s\n' "$1" >&2
  exit 1
}

# Java reads the names of files by the locale. Plain ASCII, which is also what a locale means that is
# not installed, cannot read most of them; UTF-8 can.
case $(locale charmap 2>/dev/null) in
  '' | ANSI_X3.4-1968 | US-ASCII | ASCII | 646)
    LC_ALL=C.UTF-8
    export LC_ALL
    ;;
esac

# The project is where this script is, whatever links lead to it.
self=$0
while [ -L "$self" ]; do
  link=$(readlink "$self") || fail "Could not follow the link $self."
  case $link in
    /*) self=$link ;;
    *) self=$(dirname -- "$self")/$link ;;
  esac
done
root=$(CDPATH='' cd -- "$(dirname -- "$self")" && pwd -P) || fail "Could not find the project of $0."

state=$root/target
stamp=$state/gap.stamp
building=$state/gap.building
build_log=$state/gap-build.log
jar=$root/local-stack/target/gap.jar
archive=$root/local-stack/target/gap.jsa

if [ -n "${JAVA_HOME:-}" ]; then
  java=$JAVA_HOME/bin/java
  [ -x "$java" ] || fail "JAVA_HOME is '$JAVA_HOME', which has no bin/java. Set it to a JDK, 17 or newer."
else
  java=$(command -v java) || fail "Found no java. Install a JDK, 17 or newer, or set JAVA_HOME to one."
fi

check_java() {
  version=$("$java" -version 2>&1 | sed -n 's/.* version "\([0-9]*\)[^"]*".*/\1/p' | head -n 1)
  case $version in
    '' | *[!0-9]*) fail "Could not tell the version of $java. Set JAVA_HOME to a JDK, 17 or newer." ;;
  esac
  [ "$version" -ge 17 ] || fail "$java is version $version. Set JAVA_HOME to a JDK, 17 or newer."
  vectors=no
  "$java" --add-modules jdk.incubator.vector -version >/dev/null 2>&1 && vectors=yes
}

modules=local-stack/broker,local-stack,data-generator,relaxation-service,trainer-service,results-service

# Whether the last build was complete and nothing has changed since it began.
is_built() {
  [ -f "$stamp" ] && [ -f "$jar" ] && [ -d "$root/local-stack/broker/target/lib" ] || return 1
  for service in data-generator relaxation-service trainer-service results-service; do
    [ -f "$root/$service/target/quarkus-app/quarkus-run.jar" ] || return 1
  done
  # Folders count too: a deleted file changes the folder it was in.
  newer=$(find "$root/pom.xml" "$root"/*/pom.xml "$root/local-stack/broker/pom.xml" \
    "$root"/*/src/main -newer "$stamp" 2>/dev/null | head -n 1)
  [ -z "$newer" ]
}

# Whether the call that holds the build is gone: it was killed.
is_stale() {
  holder=$(cat "$building/pid" 2>/dev/null) || return 1
  [ -n "$holder" ] || return 1
  if [ -d /proc/self ]; then
    ! grep -q gap "/proc/$holder/cmdline" 2>/dev/null
  else
    ! ps -p "$holder" -o args= 2>/dev/null | grep -q gap
  fi
}

build() {
  check_java
  [ -x "${java%java}javac" ] || command -v javac >/dev/null 2>&1 ||
    fail "$java belongs to a runtime without a compiler. Set JAVA_HOME to a JDK, 17 or newer."
  mkdir -p "$state" || fail "Could not make $state."
  waited=
  while ! mkdir "$building" 2>/dev/null; do
    [ -d "$building" ] || fail "Could not make $building."
    if is_stale; then
      # Renamed first, so that only one of several waiting calls takes it away.
      mv "$building" "$building.$$" 2>/dev/null && rm -rf "$building.$$"
      continue
    fi
    if [ -z "$waited" ]; then
      printf 'gap: waiting for the build that another call runs\n' >&2
      waited=yes
    fi
    sleep 1
  done
  trap 'rm -rf "$building"' EXIT
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 143' TERM
  printf '%s\n' "$$" >"$building/pid"
  if ! is_built; then
    printf 'gap: building (some minutes on first use); log in %s\n' "$build_log" >&2
    rm -f "$stamp" "$archive"
    # The stamp bears the time at which the build began: what changes meanwhile is built next time.
    printf '%s\n' "$java" "$vectors" >"$stamp.next"
    # Only what runs, side by side, without formatter and static analysis: a user waits for it.
    # In one language: a compiler under Turkish rules writes other names.
    (cd "$root" && LC_ALL=C.UTF-8 ./mvnw -q -B -T 2 -DskipTests -Dspotless.check.skip=true \
      -Dstatic.checks=-Xlint:-options -am -pl "$modules" package) \
      </dev/null >"$build_log" 2>&1 || {
      tail -n 20 "$build_log" >&2
      fail "The build failed; the whole log is $build_log."
    }
    # Classes of the command line, laid out for a quick start; without them it only starts slower.
    run_java -XX:ArchiveClassesAtExit="$archive" status --json >/dev/null 2>&1 || :
    mv "$stamp.next" "$stamp" || fail "Could not write $stamp."
  fi
  rm -rf "$building"
  trap - EXIT HUP INT TERM
}

# So that compiled loops stop for the JVM, and for Ctrl-C, under every collector.
stoppable='-XX:+UseCountedLoopSafepoints -XX:LoopStripMiningIter=1000'

# What suffices for a command that mostly waits for others.
small='-XX:TieredStopAtLevel=1 -Xmx768m'

# Sets the JVM's options and runs it; the first argument is one more option.
run_java() {
  option=$1
  shift
  # shellcheck disable=SC2086 # options, one a word
  ${exec:-} "$java" "$option" -Xlog:disable -Xlog:all=error:stderr \
    $small $stoppable -XX:+UseSerialGC -Xshare:auto -Xms16m \
    -Dslf4j.internal.verbosity=ERROR \
    -Dgapstream.root="$root" -Dgap.stdout.terminal="$out_terminal" -Dgap.stderr.terminal="$err_terminal" \
    -cp "$jar" io.gapstream.localstack.cli.Gap "$@"
}

# Runs a command that computes by itself and ends as it does: with the optimising compiler and, where Java has them, explicit vectors.
run_solver() {
  # shellcheck disable=SC2086 # options, one a word
  set -- $stoppable -Xlog:disable -Xlog:all=error:stderr -XX:+UseParallelGC -XX:MaxRAMPercentage=50 \
    -Dslf4j.internal.verbosity=ERROR \
    -Dgapstream.root="$root" -Dgap.stdout.terminal="$out_terminal" -Dgap.stderr.terminal="$err_terminal" \
    -cp "$jar" io.gapstream.localstack.cli.Gap "$@"
  errors=${TMPDIR:-/tmp}/gap.$$.stderr
  if [ "$vectors" != yes ] || ! mkfifo -m 600 "$errors" 2>/dev/null; then
    exec "$java" "$@"
  fi
  # Java warns on its first line that the vectors are an incubator module, and no option stops it: that line is taken out here.
  {
    rm -f "$errors"
    while IFS= read -r line || [ -n "$line" ]; do
      case $line in
        'WARNING: Using incubator modules: jdk.incubator.vector') break ;;
        'Picked up '*) printf '%s\n' "$line" ;;
        *) printf '%s\n' "$line" && break ;;
      esac
    done
    exec cat
  } <"$errors" >&2 &
  filter=$!
  "$java" --add-modules jdk.incubator.vector "$@" 2>"$errors" &
  solver=$!
  # What runs in the background does not hear Ctrl-C.
  signalled=
  trap 'signalled=129; kill "$solver"' HUP
  trap 'signalled=130; kill "$solver"' INT
  trap 'signalled=143; kill "$solver"' TERM
  # A signal ends the waiting, not the solver.
  while wait "$solver"; code=$?; kill -0 "$solver" 2>/dev/null; do :; done
  # So that the last line is out before the call ends.
  wait "$filter"
  exit "${signalled:-$code}"
}

out_terminal=false
err_terminal=false
[ -t 1 ] && out_terminal=true
[ -t 2 ] && err_terminal=true

if is_built; then
  # Another Java than at the last build may be too old.
  { read -r built_with && read -r vectors; } <"$stamp" || built_with=
  [ "$built_with" = "$java" ] || check_java
else
  build
fi
if [ "${1:-}" = solve ]; then
  run_solver "$@"
fi
if [ "${1:-}" = verify ]; then
  # Computes for as long as the evidence is large, in plain Java.
  small=-XX:MaxRAMPercentage=50
fi
if [ -f "$archive" ]; then
  option=-XX:SharedArchiveFile=$archive
else
  option=-Xshare:auto
fi
exec=exec
run_java "$option" "$@"
