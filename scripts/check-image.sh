#!/bin/bash
# Does an image work? `check-image.sh IMAGE` asks it for its version, and applies the examples to an emulator, with the ledger in Git.
set -euo pipefail

image=$1
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
cp -r "$root/examples/." "$work"
sed -i 's/^ledger: file$/ledger: git/' "$work/syncline.yaml"
git -C "$work" init --quiet
git -C "$work" add .
git -C "$work" -c user.name=check -c user.email=check@localhost commit --quiet --message examples

# Whoever mounts a folder is who may write into it.
syncline() {
  docker run --rm --network host --user "$(id -u):$(id -g)" --volume "$work:/work" \
    --env CENSUS_URL --env CENSUS_TOKEN "$image" "$@"
}

version=$(node -p "require('$root/package.json').version")
[ "$(syncline --version)" = "$version" ]
syncline validate
syncline -C fleet validate

emulator=$(docker run --detach --network host "$image" emulate --api census-v1 --port 0)
trap 'docker rm --force "$emulator" > /dev/null; rm -rf "$work"' EXIT
read -r _ _ CENSUS_URL _ CENSUS_TOKEN < <(docker logs --follow "$emulator")
export CENSUS_URL CENSUS_TOKEN
syncline apply --auto-approve
syncline plan --exit-code
git -C "$work" rev-parse --verify --quiet refs/syncline/production > /dev/null

# A remote is reached over TLS, by git and its own libraries.
docker run --rm --entrypoint git "$image" ls-remote --exit-code https://github.com/git/git HEAD > /dev/null
echo "$image works: version $version"
