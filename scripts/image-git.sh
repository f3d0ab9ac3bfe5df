#!/bin/bash
# Gathers git for an image without a package manager: `image-git.sh FOLDER` fills FOLDER with what belongs below `/` there.
set -euo pipefail

image=$1
programs=(/usr/bin/git /usr/lib/git-core/git-remote-http)
mkdir -p "$image"/{etc,usr/bin,usr/lib/git-core,usr/local/bin,usr/share/git-core}

cp --dereference "${programs[0]}" "$image/usr/bin/"
cp --dereference "${programs[1]}" "$image/usr/lib/git-core/"
ln -s git-remote-http "$image/usr/lib/git-core/git-remote-https"
# What git calls of itself it looks for beside its helpers.
ln -s ../../bin/git "$image/usr/lib/git-core/git"
# Hooks are scripts, for which there is no shell.
mkdir "$image/usr/share/git-core/templates"

# A repository that is mounted belongs to whoever has cloned it, and this container sees no other.
printf '[safe]\n\tdirectory = *\n' > "$image/etc/gitconfig"

# Under the names that the loader looks for, in the folder that it looks in without a cache.
libraries="$image$(dirname "$(find /usr/lib -name 'libcurl-gnutls.so.4')")"
mkdir -p "$libraries"
dpkg --listfiles libc6 | sed 's|.*/||' > /tmp/of-libc
ldd "${programs[@]}" | awk '$2 == "=>" { print $3 }' | sort -u | while read -r library; do
  name=$(basename "$library")
  grep --quiet --line-regexp --fixed-strings "$name" /tmp/of-libc || cp --dereference "$library" "$libraries/$name"
done

ln -s ../../../opt/syncline/dist/cli.js "$image/usr/local/bin/syncline"
