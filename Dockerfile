# One image for web, worker and clock. Built in two stages: the second holds neither Node nor compilers.
FROM python:3.13-slim AS build
WORKDIR /src
RUN python -m venv /opt/bailiwick
ENV PATH=/opt/bailiwick/bin:$PATH
COPY requirements.lock ./
RUN pip install --no-cache-dir --require-hashes -r requirements.lock
COPY pyproject.toml hatch_build.py README.md ./
COPY frontend frontend
COPY app app
COPY tasks tasks
COPY sandbox sandbox
RUN pip install --no-cache-dir --no-deps .

FROM python:3.13-slim
RUN useradd --system --create-home --home-dir /srv/bailiwick bailiwick
COPY --from=build /opt/bailiwick /opt/bailiwick
WORKDIR /srv/bailiwick
COPY --chown=bailiwick models models
ENV PATH=/opt/bailiwick/bin:$PATH PYTHONUNBUFFERED=1 BAILIWICK_HOST=0.0.0.0 BAILIWICK_DATA_FOLDER=/srv/bailiwick/var
USER bailiwick
EXPOSE 8080
ENTRYPOINT ["bailiwick"]
CMD ["serve"]
