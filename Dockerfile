# The command line in an image that holds Node, git and nothing else: no shell, no package manager, no root.
# The digests are those of node:24-trixie-slim and nodejs24-debian13:nonroot; Dependabot moves them.
FROM --platform=$BUILDPLATFORM node:24-trixie-slim@sha256:173f125896c3b47ddf056734c7ea789d04595a6a08769a8f78e0df642781fb66 AS build
WORKDIR /src
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
# The package needs an `env` to start, which is not there; neither the Action nor types are called from here.
RUN node scripts/build.mjs \
  && rm -r dist/action dist/types \
  && sed -i '1s|^#!.*|#!/nodejs/bin/node|' dist/cli.js

# The ledger in Git, `--changed` and the age of a commit need git, and git needs its libraries. Both come from the Debian that the
# last stage is made of; of libc it has its own, which must not be mixed with another.
FROM node:24-trixie-slim@sha256:173f125896c3b47ddf056734c7ea789d04595a6a08769a8f78e0df642781fb66 AS git
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
# Debian's archive has one version of each package, the newest.
# hadolint ignore=DL3008
RUN apt-get update \
  && apt-get install --yes --no-install-recommends git \
  && rm -rf /var/lib/apt/lists/*
COPY scripts/image-git.sh /tmp/
RUN bash /tmp/image-git.sh /image

FROM gcr.io/distroless/nodejs24-debian13:nonroot@sha256:9eeb7f5887d0e239e78264b06f7f11d2e14be534050481803a9e4728fcdd278e
COPY --from=git /image/ /
COPY --from=build /src/package.json /src/LICENSE /opt/syncline/
COPY --from=build /src/dist /opt/syncline/dist
USER 65532:65532
# Whoever the container runs as finds a `.netrc` here.
ENV HOME=/home/nonroot
WORKDIR /work
ENTRYPOINT ["syncline"]
