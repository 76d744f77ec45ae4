# One image for web, worker and clock. Built in two stages: the second holds neither Node nor compilers.
FROM python:3.13-slim AS build
WORKDIR /src
RUN python -m venv /opt/bailiwick
ENV PATH=/opt/bailiwick/bin:$PATH
COPY requirements.lock ./
RUN pip install --no-cache-dir --no-deps --require-hashes -r requirements.lock
COPY pyproject.toml hatch_build.py README.md ./
COPY frontend frontend
COPY app app
COPY tasks tasks
COPY sandbox sandbox
RUN pip install --no-cache-dir --no-deps .

FROM python:3.13-slim
# The data folder stays empty with PostgreSQL and Redis; it has to be there, because the container cannot create it.
RUN useradd --system --uid 10001 --no-create-home --home-dir /srv/bailiwick bailiwick \
    && install --directory --owner=bailiwick /srv/bailiwick/var
COPY --from=build /opt/bailiwick /opt/bailiwick
WORKDIR /srv/bailiwick
COPY models models
ENV PATH=/opt/bailiwick/bin:$PATH PYTHONUNBUFFERED=1 BAILIWICK_HOST=0.0.0.0 BAILIWICK_DATA_FOLDER=/srv/bailiwick/var
USER 10001
EXPOSE 8080
ENTRYPOINT ["bailiwick"]
CMD ["serve"]
