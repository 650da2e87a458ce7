FROM python:3.12-slim AS build
WORKDIR /src
COPY . .
# The embedded database is left out: a container is given a DATABASE_URL.
RUN python -m venv /opt/autoleads && /opt/autoleads/bin/pip install --no-cache-dir .

FROM python:3.12-slim
RUN groupadd --system --gid 10001 autoleads \
    && useradd --system --uid 10001 --gid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin autoleads \
    && install --directory --owner=autoleads --group=autoleads --mode=0700 /data
COPY --from=build /opt/autoleads /opt/autoleads
# The last two keep memory in huge pages: among thousands of pages and cars the processor otherwise spends a fifth of its
# time on finding out where in memory they are.
ENV PATH=/opt/autoleads/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    AUTOLEADS_APP_HOST=0.0.0.0 \
    AUTOLEADS_DATA_DIR=/data \
    PYTHONMALLOC=malloc \
    GLIBC_TUNABLES=glibc.malloc.hugetlb=1
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 3000
# Past any proxy of the environment; an answer other than 2xx raises and so exits 1.
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 CMD ["python", "-c", "import os, urllib.request as u; u.build_opener(u.ProxyHandler({})).open('http://127.0.0.1:' + (os.environ.get('APP_PORT') or '3000') + '/health', timeout=4)"]
CMD ["autoleads", "run"]
