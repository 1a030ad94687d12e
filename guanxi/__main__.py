"""`python -m guanxi`: the same as the console command `guanxi`."""

from guanxi.config.cli import main

if __name__ == "__main__":
    main()
