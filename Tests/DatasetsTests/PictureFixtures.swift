// Made by scripts/make_picture_fixtures.py; do not edit.

extension PictureFixture {
  /// Small pictures of every kind that PNG and JPEG offer, with the pixels that Pillow reads from them.
  static let all: [PictureFixture] = [
    PictureFixture(
      "png-rgb", width: 11, height: 7,
      file: """
        iVBORw0KGgoAAAANSUhEUgAAAAsAAAAHCAIAAABRDCAKAAAAIElEQVR4nGPkEmEQYeDHg1gY5CQZGPjxoKGhQpKBgR8ASWAGbnp+\
        7CUAAAAASUVORK5CYII=
        """,
      rgb: """
        ChQAHhQPMhQeRhQtWhQ8bhRLghRalhRpqhR4vhSH0hSWCjIZHjIoMjI3RjJGWjJVbjJkgjJzljKCqjKRvjKg0jKvClAyHlBBMlBQ\
        RlBfWlBublB9glCMllCbqlCqvlC50lDICm5LHm5aMm5pRm54Wm6Hbm6Wgm6llm60qm7Dvm7S0m7hCoxkHoxzMoyCRoyRWoygboyv\
        goy+lozNqozcvozr0oz6Cqp9HqqMMqqbRqqqWqq5bqrIgqrXlqrmqqr1vqoE0qoTCsiWHsilMsi0RsjDWsjSbsjhgsjwlsj/qsgO\
        vsgd0sgs
        """),
    PictureFixture(
      "png-grey", width: 11, height: 7,
      file: """
        iVBORw0KGgoAAAANSUhEUgAAAAsAAAAHCAAAAAD7BeiBAAAANElEQVR4nFWKMQoAIAzEEA4um0v7///pI3SwHYQMIWRMgwGDAlwo\
        20DRx9f9uoF1FHXs9AWQBAWHP6xHTQAAAABJRU5ErkJggg==
        """,
      rgb: """
        Dw8PFhYWHh4eJiYmLS0tNTU1PT09RUVFTExMVFRUXFxcIyMjKysrMzMzOjo6QkJCSkpKUVFRWVlZYWFhaGhocHBwODg4Pz8/R0dH\
        T09PVlZWXl5eZmZmbW1tdXV1fX19hYWFTExMVFRUW1tbY2Nja2trc3Nzenp6goKCioqKkZGRmZmZYWFhaGhocHBweHh4f39/h4eH\
        j4+PlpaWnp6epqamra2tdXV1fX19hISEjIyMlJSUm5ubo6Ojq6urs7OznZ2dpaWliYmJkZGRmZmZoaGhqKiosLCwuLi4v7+/qqqq\
        srKyubm5
        """),
    PictureFixture(
      "png-rgb-alpha", width: 11, height: 7,
      file: """
        iVBORw0KGgoAAAANSUhEUgAAAAsAAAAHCAYAAADebrddAAAAIUlEQVR4nGPkEmFgEGHglyQGszDISTIzMPAThYexYogaAN+vCC6R\
        66ycAAAAAElFTkSuQmCC
        """,
      rgb: """
        ////6ejn19HTybrBvqOzuIyntXWet16YvEeVxjCV0xmY/P385ujn1NTVxsDGvKy6tpixtISrtnCou1ynxUiq0jSw+fv65Oro0tnZ\
        xMfMurbDtaW8s5S5tIO4unK6xGDA////9vr54ezp0N3cws/TuMHMs7PIsaXHs5bJuYjOw3rW/v3/8/r43u7rzePhwNjZt8zVscHU\
        sLbWsqvauJ/iw5Ts/vz/8fr33PLty+nmvuHhtdnfr9DhrsjlscDst7f3wq8T/fz37vv42fbwyPDrvOvps+bqruDurdv1sNX/ttAx\
        wcso/fz1
        """),
    PictureFixture(
      "png-grey-alpha", width: 11, height: 7,
      file: """
        iVBORw0KGgoAAAANSUhEUgAAAAsAAAAHCAQAAAB0Z3/WAAAAP0lEQVR4nGPkZ2CX5JDkkISQMJpFhJmDmYOZHY1kEcUQ4mDmYGYR\
        QeIQUM2OrBqm5xXzf2aolQip18yizOzMANuDB0cIsikFAAAAAElFTkSuQmCC
        """,
      rgb: """
        ////6Ojo09PTv7+/ra2tnJycjY2Nf39/c3NzaGhoX19f/Pz86Ojo1dXVw8PDs7OzpKSkl5eXi4uLgYGBeHh4cXFx+vr66Ojo19fX\
        x8fHubm5rKysoaGhl5eXkJCQiYmJ////+fn56Ojo2dnZzMzMwMDAtbW1rKyspaWln5+fmpqa/v7++Pj46enp3Nzc0dHRx8fHv7+/\
        uLi4srKyrq6urKys/f399/f36+vr4ODg1tbWz8/PyMjIw8PDwMDAv7+/o6Oj/Pz89/f37Ozs5OTk3d3d19fX09PT0NDQz8/Ptra2\
        tra2/Pz8
        """),
    PictureFixture(
      "png-palette", width: 11, height: 7,
      file: """
        iVBORw0KGgoAAAANSUhEUgAAAAsAAAAHBAMAAAAsQKpuAAAAMFBMVEWuvKG+tAx4udygjNWgbrxGubcUuZEyjIIybmm+Qa2WQY94\
        QXigFHFGQVMUQS0yFB5wB8jTAAAAN0lEQVR4nAXBsQGAIAxFwWdMz/5uQm8PI2QA4WcBjXdH8Q1uV+0tjIxM/OLsPC5egauWWhg5\
        CX547BiFhQ7bNAAAAABJRU5ErkJggg==
        """,
      rgb: """
        MhQeMhQeMhQeMhQeMhQeRkFToBRxoBRxoBRxoBRxvkGtFEEtFEEtFEEtRkFTRkFTeEF4eEF4lkGPlkGPvkGtvkGtFEEtFEEtRkFT\
        RkFTeEF4eEF4lkGPlkGPvkGtvkGtvkGtMm5pMm5pMm5pMm5pMm5peEF4oG68oG68oG68oG68oIzVMoyCMoyCMoyCMoyCMoyCoG68\
        oIzVoIzVoIzVoIzVoIzVFLmRFLmRFLmRRrm3Rrm3eLnceLnceLncoIzVvrQMvrQMFLmRFLmRRrm3Rrm3eLnceLnceLnceLncvrQM\
        vrQMvrQM
        """),
    PictureFixture(
      "png-palette-transparent", width: 11, height: 7,
      file: """
        iVBORw0KGgoAAAANSUhEUgAAAAsAAAAHBAMAAAAsQKpuAAAAMFBMVEWuvKG+tAx4udygjNWgbrxGubcUuZEyjIIybmm+Qa2WQY94\
        QXigFHFGQVMUQS0yFB5wB8jTAAAABHRSTlP///8AQCqp9AAAADdJREFUeJwFwbEBgCAMRcFnTM/+bkJvDyNkAOFnAY13R/ENblft\
        LYyMTPzi7DwuXoGrlloYOQl+eOwYhYUO2zQAAAAASUVORK5CYII=
        """,
      rgb: """
        MhQeMhQeMhQeMhQeMhQeRkFToBRxoBRxoBRxoBRxvkGtFEEtFEEtFEEtRkFTRkFTeEF4eEF4lkGPlkGPvkGtvkGtFEEtFEEtRkFT\
        RkFTeEF4eEF4lkGPlkGPvkGtvkGtvkGtMm5pMm5pMm5pMm5pMm5peEF4oG68oG68oG68oG68////MoyCMoyCMoyCMoyCMoyCoG68\
        ////////////////////FLmRFLmRFLmRRrm3Rrm3eLnceLnceLnc////vrQMvrQMFLmRFLmRRrm3Rrm3eLnceLnceLnceLncvrQM\
        vrQMvrQM
        """),
    PictureFixture(
      "png-bilevel", width: 11, height: 7,
      file: """
        iVBORw0KGgoAAAANSUhEUgAAAAsAAAAHAQAAAAD2FYrwAAAAHUlEQVR4nGNgUGBgeMDEzsBkwcD4/yETAwMTAwMAIa8DKZmOZe8A\
        AAAASUVORK5CYII=
        """,
      rgb: """
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA////AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA////////////AAAAAAAAAAAA\
        AAAAAAAA////////////////////////AAAAAAAA////////////////////////////////////////////////////////////\
        ////////////////////////////////////////////////////////////////////////////////////////////////////\
        ////////
        """),
    PictureFixture(
      "png-grey-16-bit", width: 11, height: 7,
      file: """
        iVBORw0KGgoAAAANSUhEUgAAAAsAAAAHEAAAAACrlTTCAAAArElEQVR42gGhAF7/AACCFJMoqjy7UNJk43j6jQuhIrUzyUoACYsd\
        nDGzRcRZ223sggOWFKorvjzSUwASlCalOrxOzWLkdvWLDJ8dszTHRdtcABudL65DxVfWa+1//pQVqCa8PdBO5GUAJKY4t0zOYN90\
        9okHnR6xL8VG2VftbgAtr0HAVddp6H3/khCmJ7o4zk/iYPZ3ADa4Ssle4HLxhwibGa8ww0HXWOtpBIZG2UxJnfDlAAAAAABJRU5E\
        rkJggg==
        """,
      rgb: """
        AQEBFBQUKSkpPDw8UVFRZGRkeXl5jIyMoaGhtLS0ycnJCgoKHR0dMjIyRUVFWlpabW1tgoKClZWVqqqqvb290tLSExMTJiYmOzs7\
        Tk5OY2NjdnZ2i4uLnp6es7OzxsbG29vbHBwcLy8vREREV1dXbGxsf39/lJSUp6envLy8z8/P5OTkJSUlODg4TU1NYGBgdXV1iIiI\
        nZ2dsLCwxcXF2NjY7e3tLi4uQUFBVlZWaWlpfn5+kZGRpqamubm5zs7O4eHh9vb2Nzc3SkpKX19fcnJyh4eHmpqar6+vwsLC19fX\
        6urqBQUF
        """),
    PictureFixture(
      "png-rgb-16-bit", width: 11, height: 7,
      file: """
        iVBORw0KGgoAAAANSUhEUgAAAAsAAAAHEAIAAAABnPxJAAABZ0lEQVR42hXQEXSDQQzA8cKosMEigx0PNolMKpWTSmRyMqlUIpVK\
        5aQS+SRSqVQilUrlpBKZnEwqlcpkMql09/017/2Sl8FwCDAYhADw8IAIEEKMAG9vKQGMRswAk0nOACmpAsxmZgCLRSkAq1WtAKqD\
        4RDx6SkExJcXbL2/x4gYY0qIHx/MiNNpzojzuSpizmaIXVcK4mZTK+Ju1wgixBCIxmNEasVI9PmZEhG3iJbLnIlEVInWazMis1KI\
        DodaidwbwTyZhMDc72WezWJkXixSYl6tekQ1Z+btVpV5vzdjPh5LYa4t5vO5ESLTaQgi8zmiSM4xinRdSiKbDbPIbpezSCmqIl9f\
        ZiKnUykiPz+1ilyvjTBbLkPoR4hm63WM1krJ7HBgNnPvP/D9rWp2ufSzv79SzO7uajV7fGyEu2oI7tstovt+H6P78ZiSe3+o+/mc\
        s/vvr6r77daT9/eluD8/1+r++voP4HXUlU7cz4EAAAAASUVORK5CYII=
        """,
      rgb: """
        ChQAHhQPMhQeRhQtWhQ8bhRLghRalhRpqhR4vhSH0hSWCjIZHjIoMjI3RjJGWjJVbjJkgjJzljKCqjKRvjKg0jKvClAyHlBBMlBQ\
        RlBfWlBublB9glCMllCbqlCqvlC50lDICm5LHm5aMm5pRm54Wm6Hbm6Wgm6llm60qm7Dvm7S0m7hCoxkHoxzMoyCRoyRWoygboyv\
        goy+lozNqozcvozr0oz6Cqp9HqqMMqqbRqqqWqq5bqrIgqrXlqrmqqr1vqoE0qoTCsiWHsilMsi0RsjDWsjSbsjhgsjwlsj/qsgO\
        vsgd0sgs
        """),
    PictureFixture(
      "png-interlaced", width: 11, height: 7,
      file: """
        iVBORw0KGgoAAAANSUhEUgAAAAsAAAAHCAIAAAEmCxCcAAAA2UlEQVR42gXBEUADUBAA0IPoQ0EnQZ+DkpMkSb5MTpIvyWRyMplM\
        vkxOJieTyeRkMpl8mZwkX5JkkiRJktR7kBAcF1DxCZJOq25dP4AwN6wDDUhb0z70FxITMVeWxursgwNSGMWhxmjx7XE54h4yXhV8\
        EJwYzjquIPNz4VfhpfGm8xGyzouuRfemb12/IMeuxEnibPHX4xYS3WS6I3osVCq9CE0bzY2a07rTdtAekkyyVJJZkUWVlYg12Zkc\
        XE5dxpAzJF9mV/JNca9+FI/m7+af7j/dL4Zf/wMWJGpLun9kmgAAAABJRU5ErkJggg==
        """,
      rgb: """
        ChQAHhQPMhQeRhQtWhQ8bhRLghRalhRpqhR4vhSH0hSWCjIZHjIoMjI3RjJGWjJVbjJkgjJzljKCqjKRvjKg0jKvClAyHlBBMlBQ\
        RlBfWlBublB9glCMllCbqlCqvlC50lDICm5LHm5aMm5pRm54Wm6Hbm6Wgm6llm60qm7Dvm7S0m7hCoxkHoxzMoyCRoyRWoygboyv\
        goy+lozNqozcvozr0oz6Cqp9HqqMMqqbRqqqWqq5bqrIgqrXlqrmqqr1vqoE0qoTCsiWHsilMsi0RsjDWsjSbsjhgsjwlsj/qsgO\
        vsgd0sgs
        """),
    PictureFixture(
      "png-turned", width: 7, height: 11,
      file: """
        iVBORw0KGgoAAAANSUhEUgAAAAsAAAAHCAIAAABRDCAKAAAAGmVYSWZNTQAqAAAACAABARIAAwAAAAEABgAAAAAAANZnS2kAAAAg\
        SURBVHicY+QSYRBh4MeDWBjkJBkY+PGgoaFCkoGBHwBJYAZuen7sJQAAAABJRU5ErkJggg==
        """,
      rgb: """
        CsiWCqp9CoxkCm5LClAyCjIZChQAHsilHqqMHoxzHm5aHlBBHjIoHhQPMsi0MqqbMoyCMm5pMlBQMjI3MhQeRsjDRqqqRoyRRm54\
        RlBfRjJGRhQtWsjSWqq5WoygWm6HWlBuWjJVWhQ8bsjhbqrIboyvbm6WblB9bjJkbhRLgsjwgqrXgoy+gm6lglCMgjJzghRalsj/\
        lqrmlozNlm60llCbljKClhRpqsgOqqr1qozcqm7DqlCqqjKRqhR4vsgdvqoEvozrvm7SvlC5vjKgvhSH0sgs0qoT0oz60m7h0lDI\
        0jKv0hSW
        """),
    PictureFixture(
      "jpeg-444", width: 11, height: 7,
      file: """
        /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJBwYGCAsICQoK\
        CgoKBggLDAsKDAkKCgr/2wBDAQICAgICAgUDAwUKBwYHCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoK\
        CgoKCgoKCgr/wAARCAAHAAsDAREAAhEBAxEB/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUF\
        BAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVW\
        V1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi\
        4+Tl5ufo6erx8vP09fb3+Pn6/8QAHwEAAwEBAQEBAQEBAQAAAAAAAAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAEC\
        AxEEBSExBhJBUQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNOEl8RcYGRomJygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVm\
        Z2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmqsrO0tba3uLm6wsPExcbHyMnK0tPU1dbX2Nna4uPk5ebn6Onq\
        8vP09fb3+Pn6/9oADAMBAAIRAxEAPwDzr9nP/glPon7g/YLXt/Etfd8M5TH3T8n8L/HvFe57z6dz6S0b9gb4eRaZDGmjtIFXAdUj\
        wwz1GXBx9QK/LJ/S78JcNUlRp4fF1IxbSnGlSUZpNpSip14TUZbrmjGVn70U7pf3rlniznEsvptztp5/5H//2Q==
        """,
      rgb: """
        CRUBHhMPMhQgRBQuXBQ8bhRKghRblhRqpxV3vheB0RWfCTQYHjImMjM3RDNFWzJUbjNjgjN0lTKCqjGSvy6l1DKsDVAxIE8/M09Q\
        Rk9eXU5rcE96g0+Nl0+ZqVCqvk+20lHICnBLH25ZMW9qQ294W2+IbW+WgXCnlm61q3K/v2/Q0G3kCIxkHoxzMI2DQo2SWYyhbI2w\
        gI3BlYzPpIrhvInw1o76C6t/H6qNMqqeRautXaq6b6rIgqvZl6nnuaL0u7cNw6gPC8eUHsaiMsezRcjCXMfRb8ffgsfwl8b+p8wM\
        ucgT0ckp
        """),
    PictureFixture(
      "jpeg-420", width: 11, height: 7,
      file: """
        /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJBwYGCAsICQoK\
        CgoKBggLDAsKDAkKCgr/2wBDAQICAgICAgUDAwUKBwYHCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoK\
        CgoKCgoKCgr/wAARCAAHAAsDASIAAhEBAxEB/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUF\
        BAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVW\
        V1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi\
        4+Tl5ufo6erx8vP09fb3+Pn6/8QAHwEAAwEBAQEBAQEBAQAAAAAAAAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAEC\
        AxEEBSExBhJBUQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNOEl8RcYGRomJygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVm\
        Z2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmqsrO0tba3uLm6wsPExcbHyMnK0tPU1dbX2Nna4uPk5ebn6Onq\
        8vP09fb3+Pn6/9oADAMBAAIRAxEAPwDzr9nP/glPon7g/YLXt/EtfSWjfsDfDyLTIY00dpAq4DqkeGGeoy4OPqBRRXxnjR4ocT+F\
        GXZSsh9nF4n2/O5w53+79jypXaS/iO+jbsttb+H9G/xO40x2Q1Pa4p6KO1+vzP/Z
        """,
      rgb: """
        CBMLExgUJhkiNxouTRw8YBtKdRtbixpooBl3tBuFxR2WEy0gHjErMDM4QjRFVzRUajVjgDR0lTOAqjKMvTGazjSsEkw0H09BMVBS\
        Q1BgVlJra1J8f1KNlFCbqlCnvFC1zlPHFGpPIG1ZM25oRG94WHCKbG+YgW+plm60r3G6wnG+0HLGFIRrIIpzNIx8RoyOWYumboq5\
        hIrEmovGsIu+xo+22pqyF6OGI6iNNqqVSqqmXqjBcqfTiKfdoKnQua+tuqKAvppoF7+eJMOlN8WtSsa8X8XTdMPijMLwpcjOpbxk\
        ucE6zsY/
        """),
    PictureFixture(
      "jpeg-grey", width: 11, height: 7,
      file: """
        /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJBwYGCAsICQoK\
        CgoKBggLDAsKDAkKCgr/wAALCAAHAAsBAREA/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUF\
        BAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVW\
        V1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi\
        4+Tl5ufo6erx8vP09fb3+Pn6/9oACAEBAAA/APOv2c/+CU+ifuD9gte38S19JaN+wN8PItMhjTR2kCrgOqR4YZ6jLg4+oFf/2Q==
        """,
      rgb: """
        Dw8PFhYWHh4eJSUlLi4uNTU1PT09RUVFTExMVVVVXV1dJCQkKysrMzMzOjo6QkJCSkpKUlJSWVlZYGBgZ2dncHBwODg4Pz8/R0dH\
        Tk5OVlZWXl5eZmZmbW1tdXV1fHx8hYWFTU1NVFRUXFxcY2NjbGxsc3Nze3t7goKCjIyMkpKSmJiYYGBgaGhocHBwd3d3f39/h4eH\
        j4+PlpaWnJycpKSksLCwdnZ2fX19hYWFjY2NlZWVnJycpKSkq6ursrKypaWln5+fiYmJkJCQmJiYoKCgqKior6+vt7e3vr6+q6ur\
        r6+vubm5
        """),
    PictureFixture(
      "jpeg-progressive", width: 11, height: 7,
      file: """
        /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJBwYGCAsICQoK\
        CgoKBggLDAsKDAkKCgr/2wBDAQICAgICAgUDAwUKBwYHCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoK\
        CgoKCgoKCgr/wgARCAAHAAsDASIAAhEBAxEB/8QAFgABAQEAAAAAAAAAAAAAAAAAAAYH/8QAFQEBAQAAAAAAAAAAAAAAAAAABAX/\
        2gAMAwEAAhADEAAAAZzSSKH/xAAZEAACAwEAAAAAAAAAAAAAAAADBgABBQf/2gAIAQEAAQUCXOUhgUHPof8A/8QAHBEAAQMFAAAA\
        AAAAAAAAAAAAAwACBAUGBxJR/9oACAEDAQE/Acb3PWjwHbF4v//EAB4RAAEEAQUAAAAAAAAAAAAAABEBBAYSAAUTFDKy/9oACAEC\
        AQE/AZpKNTijdpwKpuXJQ9aD1n//xAAaEAACAgMAAAAAAAAAAAAAAAAAAQIREyKR/9oACAEBAAY/AlpESw3w/8QAGhABAAEFAAAA\
        AAAAAAAAAAAAAQARITGh0f/aAAgBAQABPyHp5AsqDIXbn//aAAwDAQACAAMAAAAQ+//EABoRAAEFAQAAAAAAAAAAAAAAABEAASEx\
        QYH/2gAIAQMBAT8QIFDUO9X/xAAYEQEBAQEBAAAAAAAAAAAAAAABESExQf/aAAgBAgEBPxAOo33+AqB1cVhzb//EABoQAQEAAgMA\
        AAAAAAAAAAAAAAERACExUXH/2gAIAQEAAT8Q2fVgfIgSheSlnoZ//9k=
        """,
      rgb: """
        CBMLExgUJhkiNxouTRw8YBtKdRtbixpooBl3tBuFxR2WEy0gHjErMDM4QjRFVzRUajVjgDR0lTOAqjKMvTGazjSsEkw0H09BMVBS\
        Q1BgVlJra1J8f1KNlFCbqlCnvFC1zlPHFGpPIG1ZM25oRG94WHCKbG+YgW+plm60r3G6wnG+0HLGFIRrIIpzNIx8RoyOWYumboq5\
        hIrEmovGsIu+xo+22pqyF6OGI6iNNqqVSqqmXqjBcqfTiKfdoKnQua+tuqKAvppoF7+eJMOlN8WtSsa8X8XTdMPijMLwpcjOpbxk\
        ucE6zsY/
        """),
    PictureFixture(
      "jpeg-cmyk", width: 11, height: 7,
      file: """
        /9j/7gAOQWRvYmUAZAAAAAAA/9sAQwACAQEBAQECAQEBAgICAgIEAwICAgIFBAQDBAYFBgYGBQYGBgcJCAYHCQcGBggLCAkKCgoK\
        CgYICwwLCgwJCgoK/8AAFAgABwALBEMRAE0RAFkRAEsRAP/EAB8AAAEFAQEBAQEBAAAAAAAAAAABAgMEBQYHCAkKC//EALUQAAIB\
        AwMCBAMFBQQEAAABfQECAwAEEQUSITFBBhNRYQcicRQygZGhCCNCscEVUtHwJDNicoIJChYXGBkaJSYnKCkqNDU2Nzg5OkNERUZH\
        SElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6g4SFhoeIiYqSk5SVlpeYmZqio6Slpqeoqaqys7S1tre4ubrCw8TFxsfIycrS09TV\
        1tfY2drh4uPk5ebn6Onq8fLz9PX29/j5+v/aAA4EQwBNAFkASwAAPwD4/wD+CSX/ADDP+AVif8OBvDH/AECbD/vtP8a6T/gnd/wR\
        a8Pf6D/xLbL+H+NK/fyv3q+GH/IgaV/16j+Zo/4cDeGP+gTYf99p/jSWH/BZv/gj94cifw9o/wAHPjJr9pYXM1va67pPhTSUtdRj\
        SRlW5hW61OGdYpAA6iWKOQKw3ojZUFf/2Q==
        """,
      rgb: """
        ChQAHhQPMhQeRRQsWxQ8bhRLghRalhRpqhR6vhSE0hSYCjIaHjIoMjI4RTJGWzJWbjJkgjJ0ljKCqjKRvjKg0jKtClEyHlFAMlFQ\
        RVFeW1FublF8glGMllGaqlGqvlG30lHICm1MHm1bMm1qRW14W22Ibm2Xgm2mlm21qm3Dvm3U0m3kCoxkHoxyMoyCRYyQW4ygboyu\
        goy+lozMqozcvozr0oz1Cqp+HqqMMqqcRaqqW6q6bqrIgqrYlqrmqqr0vqoG0qoWCsiXHsilMsi1RcjDW8jTbsjhgsjxlsj/qsgO\
        vsgb0sgq
        """),
  ]

  /// A picture of 40 x 30 (its pixels by the formula in `source`) after Pillow's resize, filter LANCZOS.
  static let resized: [PictureFixture] = [
    PictureFixture(
      "16x12", width: 16, height: 12, file: "",
      rgb: """
        DxlBHRlCLRlFPBlGShlHWhlKaBlQeBlThhlTlhlTpBlWtBlZwhlX0RlO4RlR7xlTDypCHSpKLSpSPCpaSipmWipqaCpgeCpihipo\
        lipcpCpgtCpowipo0SpT4Spe7ypkDzxFHTxSLTxhPDxzSjxiWjxUaDxceDxghjxhljxgpDxgtDxbwjxi0TxW4Txm7zxfD05GHU5a\
        LU5zPE5aSk5WWk5qaE5deE5hhk5jlk5apE5gtE5hwk5c0U5c4U5h705eD19HHV9mLV9iPF9WSl9oWl9YaF9feF9hhl9ill9kpF9d\
        tF9kwl9e0V9a4V9e719iD3FKHXFqLXFUPHFpSnFYWnFgaHFaeHFjhnFflnFepHFetHFhwnFZ0XFf4XFh73FiD4JPHYJgLYJcPIJd\
        SoJfWoJaaIJkeIJehoJdloJbpIJftIJcwoJb0YJe4YJb74JeD5RTHZRiLZRgPJRhSpRhWpRjaJReeJRahpRllpRdpJRatJRfwpRg\
        0ZRY4ZRi75RlD6VTHaVoLaVhPKVjSqViWqVfaKVdeKVlhqVllqVjpKVhtKVgwqVc0aVc4aVi76VfD7dTHbddLbdgPLdaSrdjWrde\
        aLdbeLddhrdjlrdjpLditLdiwrdd0bdb4bdh77dcD8lWHclgLclgPMlgSsldWsleaMlfeMlahslilslipMlgtMlowslX0clh4cla\
        78leD9pZHdpmLdpaPNphStpkWtpiaNpceNpdhtpeltpgpNpotNpfwtpU0dpm4dpi79pX
        """),
    PictureFixture(
      "32x32", width: 32, height: 32, file: "",
      rgb: """
        CxRAEhRAGhRAIRRAKRRAMBRAOBRAPxRARxRAThRAVhRAXRRAZRRAbBRAdBRAexRAgxRAihRAkhRAmRRAoRRAqBRAsBRAtxRAvxRA\
        xhQ/zhQ/1RQ/3RQ/5BQ/7BQ/8xQ/CxpAEhpBGhpDIRpEKRpEMBpFOBpHPxpIRxpJThpKVhpLXRpMZRpNbBpOdBpQexpRgxpSihpS\
        khpTmRpUoRpVqBpWsBpYtxpZvxpZxhpczhph1Rph3Rpi5Bpj7Bpl8xpmCyFAEiFDGiFFISFHKSFJMCFMOCFOPyFRRyFTTiFVViFX\
        XSFaZSFcbCFddCFfeyFigyFjiiFpkiFwmSFyoSF0qCF2sCF4tyF5vyGDxiFnziE91SFH3SFH5CFK7CFM8yFPCyhAEihEGihHIShL\
        KShOMChSOChVPyhZRyhcTihgVihiXShlZShqbCh1dCh3eyh6gyiEiihrkihEmShQoShRqChTsChXtyhbvyhexihfzihe1Shi3Shl\
        5Chp7Chs8yhvCy5BEi5FGi5KIS5OKS5TMC5YOC5cPy5hRy5mTi5oVi5yXS5/ZS51bC5JdC5Sey5Vgy5dii5Xki5LmS5ToS5aqC5m\
        sC5pty5tvy53xi5kzi5D1S5O3S5S5C5W7C5b8y5mCzVBEjVGGjVMITVSKTVYMDVeODVjPzVoRzVuTjWCVjVjXTVSZTVXbDVGdDVN\
        ezVRgzVWijVjkjVzmTV5oTV0qDVNsDVVtzVZvzVixjVfzjVZ1TVg3TVn5DVq7DVz8zVMCztBEjtIGjtPITtVKTtdMDtkODtpPzty\
        Rzt3TjtYVjtOXTtFZTtQbDtbdDtheztwgzt+ijttkjtTmTtgoTteqDtJsDtZtztjvztuxjthzjtK1TtX3Ttc5Dtn7Dt38ztiC0JB\
        EkJJGkJRIUJZKUJiMEJpOEJ2P0KCR0JbTkJAVkJRXUJcZUJkbEJydEJ+e0Jgg0JiikJbkkJGmUJboUJmqEJ5sEJkt0JWv0JlxkJf\
        zkJS1UJe3UJp5EJc7EJG80JbC0hBEkhLGkhTIUhdKUhlMEhyOEhnP0hhR0hITkhXVkhdXUhoZUhxbEhadEhqe0hOg0hKikhdkkh1\
        mUhdoUhcqEhrsEhVt0hSv0hkxkhfzkhT1Uhf3Uhu5Ehr7EhW80hiC09BEk9LGk9WIU9hKU9oME9/OE9YP089R09YTk9eVk9tXU99\
        ZU9ebE8/dE9Me09dg090ik9ukk9lmU9JoU9KqE9csE9ut09iv09mxk9fzk9M1U9e3U9e5E9S7E9l8090C1VBElVNGlVZIVVjKVVy\
        MFV8OFVXP1VSR1VeTlVuVlVtXVVpZVVKbFVadFVqe1V1g1VsilVfklVEmVVloVVuqFVhsFVxt1VOv1VWxlVdzlVb1VVs3VVx5FVP\
        7FVf81VTC1xBElxOGlxaIVxnKVx2MFxbOFxGP1xcR1xpTlx3VlxOXVxDZVxebFxvdFxue1xvg1xIilxYklxxmVxsoVxmqFxFsFxa\
        t1xrv1xtxlxfzlxI1VxZ3VxT5Fxm7Fx681xZC2JBEmJPGmJcIWJvKWJvMGJAOGJYP2JiR2J3TmJbVmJGXWJgZWJpbGJxdGJWe2JI\
        g2JpimJtkmJ0mWJPoWJWqGJosGJrt2J3v2JRxmJZzmJk1WJw3WJJ5GJV7GJZ82JnC2lCEmlQGmlgIWlxKWltMGlKOGldP2luR2lo\
        TmlDVmlbXWlsZWllbGk9dGlVe2lng2lyimlkkmlJmWlloWlwqGlgsGlGt2ldv2ltxmlfzmlD1Wla3Wli5Gl67Glf82lQC3BCEnBS\
        GnBjIXBxKXBCMHBTOHBkP3BzR3BETnBVVnBnXXBxZXBEbHBXdHBpe3Byg3BEinBWknBomXByoXBGqHBZsHBqt3B1v3BKxnBXznBo\
        1XB23XBL5HBW7HBn83B7C3ZCEnZTGnZlIXZ0KXZLMHZZOHZsP3Z5R3ZQTnZfVnZ1XXZNZXZSbHZmdHZ7e3ZTg3ZXinZzknZVmXZJ\
        oXZgqHZ3sHZct3ZOv3ZsxnZeznZC1XZb3XZx5HZl7HZJ83ZhC31CEn1UGn1oIX15KX1PMH1eOH14P31SR31TTn1yVn1XXX1KZX1j\
        bH19dH1ie31Ug310in1pkn1LmX1roX1uqH1HsH1gt31vv31Gxn1Wzn1q1X153X1R5H1h7H13831SC4NCEoNVGoNuIYNNKYNNMINs\
        OINVP4NHR4NnToNeVoNDXYNhZYNlbINGdINae4Nsg4NIioNTkoNsmYNNoYNNqINpsINVt4NIv4NlxoNdzoND1YNn3YNl5INB7INe\
        84NuC4pCEopWGopxIYpMKYpSMIpyOIpYP4pOR4pzToppVopNXYpuZYp3bIpLdIpwe4pSg4pMiopukopfmYpKoYpwqIpqsIpLt4pr\
        v4p2xopRzopu1YpL3YpS5Ipu7IpX84pQC5FCEpFYGpFzIZFSKZFWMJF8OJFkP5FaR5FsTpFOVpFgXZF7ZZFWbJFpdJFee5FJg5Fr\
        ipFvkpFOmZFsoZFOqJFasJF1t5FWv5FjxpFbzpFJ1ZFj3ZFp5JFO7JFk85F1C5dCEpdZGpd1IZdTKZdhMJdnOJdPP5dqR5d3TpdM\
        Vpd2XZdcZZdbbJdndJdHe5dig5d5ipdSkpdtmZdZoZdUqJdesJdQt5dlv5duxpdRzpdp1ZdT3Zdb5Jdw7Jdi85dqC55DEp5aGp53\
        IZ5WKZ5oMJ5hOJ5OP55uR55YTp5hVp5eXZ5OZZ5ibJ5JdJ5We556g55aip5mkp5pmZ5RoZ5vqJ5MsJ5ft55Wv55ixp5Yzp5R1Z5j\
        3Z5p5J5h7J50855RC6RDEqRaGqSAIaRcKaRtMKRwOKRXP6R8R6RMTqR1VqRcXaRZZaRybKRHdKR0e6Rkg6RciqRzkqRRmaRwoaRZ\
        qKRgsKRpt6ROv6RnxqRTzqRi1aRb3aRy5KRX7KRg86RrC6tCEqtgGqtlIatXKatqMKtZOKtjP6tiR6tcTqtqVqtZXatwZatebKtl\
        dKtse6tTg6t0iqtWkqtpmatmoatZqKt0sKtZt6tzv6tmxqtUzqtb1ate3atM5Ktn7KtN86tlC7FBErFmGrFOIbFTKbFnMLFEOLF3\
        P7FOR7FnTrFoVrFSXbFfZbFRbLFudLFPe7Fsg7FfirFekrFymbFcobF3qLFlsLFZt7Fpv7FjxrFTzrFc1bFh3bFX5LFn7LFb87FJ\
        C7hBErhmGrhXIbhZKbhsMLhUOLhmP7hXR7hpTrhgVrhtXbhNZbhebLhRdLhde7hng7hSirh1krhZmbhZobhsqLhisLhPt7hev7hl\
        xrhQzrhl1bhe3bhh5Lhx7Lhe87hVC75CEr5nGr5YIb5dKb51ML5eOL5NP75VR75uTr5MVr5rXb5eZb5kbL5HdL5me75Mg75uir5c\
        kr5omb5Oob5eqL5ZsL5et75yv75bxr5Uzr5U1b5q3b5N5L5i7L5p875cC8VCEsVpGsVbIcVfKcVpMMVjOMVbP8VeR8VnTsVmVsVW\
        XcVZZcVmbMVkdMVUe8Vdg8VkisVXksV5mcVqocVgqMVWsMV4t8Vgv8VgxsVOzsVt1cVh3cVg5MVI7MVq88VgC8tCEstqGstfIcte\
        KctDMMtuOMtjP8tgR8tHTstqVstgXctoZctLbMtvdMtje8tfg8tNist0kstjmcthoctRqMt3sMtmt8tlv8tZxstUzstQ1ctu3ctZ\
        5Mta7MtI88tyC9JCEtJrGtJhIdJhKdJPMNJvONJlP9JrR9JdTtJYVtJPXdJyZdJhbNJadNJde9JKg9JmitJkktJfmdJQodJtqNJt\
        sNJnt9Jcv9JextJLztJ01dJi3dJk5NJZ7NJU89JPC9lCEtlsGtljIdlkKdlZMNlYONlQP9l0R9lkTtlmVtlhXdlUZdlZbNlHdNlx\
        e9lgg9lgitlbktlUmdlcodlyqNljsNlgt9lgv9lUxtlVztlN1dlz3dlf5Nlg7Nlc89lQC99CEt9uGt9mId9oKd9dMN9eON9bP99N\
        R99oTt9xVt9sXd9jZd9mbN9edN9Ze99cg99Jit9zkt9rmd9sod9hqN9isN9ft99Wv99bxt9Jzt941d9l3d9q5N9h7N9d899i
        """),
    PictureFixture(
      "7x30", width: 7, height: 30, file: "",
      rgb: """
        GBRAOhRAXRRAfxRAoRRAxBRA5hRAGBtCOhtIXRtOfxtUoRtZxBtf5htlGCJFOiJQXSJcfyJmoSJ3xCJk5iJEGClHOilXXSlsfylv\
        oSlLxCld5iluGDBJOjBjXTBqfzBLoTBqxDBi5jBOGDdLOjdrXTdWfzdjoTdixDdY5jdwGD5QOj5oXT5Xfz5ooT5bxD5g5j5XGEVU\
        OkVnXUVhf0VgoUVjxEVe5kVhGExXOkxdXUxcf0xcoUxcxExb5kxhGFNZOlNmXVNif1NioVNhxFNh5lNdGFpaOlpiXVpcf1pkoVpf\
        xFpa5lpiGGFYOmFeXWFff2FhoWFkxGFi5mFaGGhbOmhiXWhaf2hgoWhgxGha5mhgGG9XOm9cXW9cf29eoW9fxG9f5m9kGHZZOnZk\
        XXZff3ZgoXZexHZc5nZcGH1dOn1hXX1ef31moX1dxH1e5n1lGIRWOoRZXYRYf4RYoYRYxIRX5oRaGItYOothXYtmf4tdoYtixIti\
        5otaGJJcOpJkXZJgf5JfoZJexJJa5pJiGJlbOpljXZlgf5lgoZlcxJlf5pljGKBgOqBiXaBXf6BjoaBfxKBZ5qBjGKdiOqdpXadm\
        f6dkoadixKdg5qdgGK5VOq5bXa5ff65ioa5oxK5e5q5WGLVXOrVkXbVcf7VhobVkxLVe5rVhGLxbOrxcXbxcf7xcobxcxLxb5rxf\
        GMNeOsNjXcNdf8NfocNlxMNg5sNdGMpZOspdXcpff8phocplxMpc5spcGNFdOtFiXdFff9FcodFjxNFh5tFbGNhcOthhXdhcf9hd\
        odhixNhb5thcGN9gOt9fXd9lf99eod9kxN9d5t9l
        """),
    PictureFixture(
      "1x1", width: 1, height: 1, file: "",
      rgb: """
        f3ld
        """),
    PictureFixture(
      "90x45", width: 90, height: 45, file: "",
      rgb: """
        CRRACxRADRRAEBRAExRAFhRAGBRAGxRAHhRAIBRAIxRAJhRAKBRAKxRALhRAMBRAMxRANhRAOBQ/OxQ/PhQ/QBQ/QxQ/RhQ/SBQ/\
        SxQ/ThQ/UBQ/UxQ/VhQ/WBQ/WxQ/XhQ/YBQ/YxQ/ZhQ/aBQ/axQ/bhQ/cBQ/cxQ/dhQ/eBQ/exQ/fhQ/gBQ/gxQ/hhQ/iBQ/ixQ/\
        jhQ/kBQ/kxQ/lhQ/mBQ+mxQ+nhQ+oBQ+oxQ+phQ+qBQ+qxQ+rhQ+sBQ+sxQ+thQ+uBQ+uxQ+vhQ+wBQ+wxQ+xhQ+yBQ9yxQ8zhQ8\
        0BQ80xQ81hQ82BQ82xQ83hQ84BQ84xQ85hQ86BQ86xQ87hQ88RQ88xQ89RQ8CRdACxdADRdAEBdAExdBFhdBGBdBGxdBHhdBIBdC\
        IxdBJhdCKBdCKxdCLhdCMBdCMxdDNhdDOBdDOxdDPhdDQBdDQxdERhdESBdESxdEThdEUBdFUxdEVhdFWBdFWxdFXhdFYBdFYxdG\
        ZhdFaBdGaxdGbhdGcBdGcxdHdhdHeBdHexdHfhdHgBdHgxdHhhdIiBdIixdIjhdHkBdHkxdHlhdHmBdImxdInhdIoBdIoxdIphdI\
        qBdIqxdJrhdJsBdJsxdJthdJuBdJuxdKvhdKwBdJwxdKxhdMyBdQyxdTzhdU0BdT0xdT1hdT2BdT2xdT3hdT4BdU4xdU5hdU6BdU\
        6xdU7hdV8RdV8xdV9RdVCRxACxxADRxAEBxBExxCFhxCGBxDGxxEHhxEIBxFIxxFJhxGKBxGKxxHLhxHMBxHMxxINhxJOBxJOxxK\
        PhxLQBxLQxxMRhxMSBxMSxxNThxNUBxOUxxOVhxQWBxQWxxRXhxRYBxRYxxSZhxSaBxTaxxTbhxUcBxUcxxVdhxVeBxWexxXfhxX\
        gBxYgxxYhhxZiBxZixxcjhxdkBxdkxxelhxemBxfmxxfnhxhoBxhoxxiphxiqBxiqxxjrhxjsBxksxxkthxluBxluxxmvhxmwBxo\
        wxxpxhxlyBxhyxxdzhxe0Bxf0xxg1hxg2Bxg2xxh3hxi4Bxj4xxj5hxk6Bxk6xxk7hxl8Rxm8xxm9RxmCSFACyFADSFBECFCEyFD\
        FiFEGCFFGyFGHiFGICFHIyFHJiFIKCFJKyFKLiFLMCFMMyFNNiFOOCFOOyFPPiFQQCFRQyFSRiFTSCFUSyFUTiFVUCFVUyFWViFX\
        WCFYWyFZXiFaYCFbYyFcZiFcaCFcayFcbiFdcCFecyFfdiFgeCFheyFifiFjgCFjgyFjhiFkiCFmiyFqjiFukCFwkyFwliFxmCFx\
        myFyniFzoCF0oyF1piF2qCF2qyF3riF4sCF4syF5tiF6uCF7uyF6viF8wCGEwyGExiFwyCFRyyE9ziE90CFF0yFH1iFG2CFH2yFI\
        3iFI4CFJ4yFJ5iFK6CFL6yFM7iFN8SFO8yFP9SFPCSZACyZADSZBECZDEyZEFiZFGCZGGyZIHiZJICZJIyZKJiZMKCZNKyZOLiZP\
        MCZQMyZSNiZTOCZTOyZUPiZWQCZXQyZYRiZZSCZaSyZcTiZdUCZdUyZeViZfWCZfWyZhXiZiYCZiYyZjZiZnaCZsayZwbiZxcCZx\
        cyZzdiZ0eCZ1eyZ3fiZ3gCZ3gyZ7hiZ/iCZ6iyZqjiZYkCZUkyZYliZcmCZbmyZcniZeoCZeoyZfpiZfqCZgqyZiriZjsCZjsyZk\
        tiZmuCZnuyZnviZpwCZtwyZuxiZlyCZXyyZOziZP0CZT0yZV1iZV2CZW2yZY3iZZ4CZZ4yZa5iZb6CZd6yZe7iZf8SZg8yZg9SZg\
        CSpACypADSpBECpDEypFFipGGCpHGypJHipKICpMIypNJipPKCpQKypSLipTMCpUMypWNipXOCpYOypZPipbQCpcQypeRipfSCph\
        SypiTipjUCpkUypmVippWCpsWyptXipuYCpwYypzZipwaCpsayppbiprcCptcypwdipweCpyeypzfip0gCp0gyp6hip/iCp4iypd\
        jipCkCo6kypAlipGmCpGmypGnipIoCpJoypNpipPqCpRqypSripTsCpVsypWtipYuCpZuypbvipcwCpdwypfxipfyCpeyypezipg\
        0Cph0ypj1ipk2Cpl2ypn3ipo4Cpp4ypr5ipt6Cpu6ypu7ipx8Sp08yp29Sp3CS9ACy9ADS9CEC9EEy9GFi9IGC9KGy9LHi9NIC9O\
        Iy9QJi9RKC9TKy9VLi9XMC9ZMy9aNi9cOC9eOy9gPi9hQC9jQy9lRi9nSC9oSy9oTi9pUC9rUy9uVi9zWC93Wy94Xi96YC+BYy+E\
        Zi9yaC9Tay9Bbi9DcC9Lcy9Odi9OeC9Pey9Rfi9SgC9Ugy9Xhi9ZiC9Ziy9Vji9RkC9Rky9Tli9WmC9Ymy9Zni9ZoC9coy9ipi9n\
        qC9pqy9qri9rsC9tsy9vti9wuC9yuy9yvi91wC99wy9/xi9tyC9Pyy89zi8/0C9H0y9K1i9K2C9M2y9N3i9P4C9R4y9S5i9U6C9V\
        6y9W7i9Z8S9e8y9j9S9lCTRACzRADTRCEDRFEzRHFjRJGDRLGzRMHjROIDRRIzRTJjRUKDRXKzRZLjRbMDRdMzReNjRgODRjOzRl\
        PjRnQDRoQzRpRjRrSDRwSzR2TjR+UDSBUzR5VjRnWDRZWzRXXjReYDRlYzRmZjRbaDRJazQ+bjRAcDRGczRJdjRKeDRLezRMfjRO\
        gDRRgzRShjRSiDRWizRhjjRrkDRwkzRwljRxmDRymzR3njR8oDR4ozRopjRYqDRUqzRZrjRdsDReszRftjRguDRjuzRkvjRnwDRs\
        wzRuxjRlyDRXyzROzjRQ0DRV0zRY1jRZ2DRb2zRc3jRe4DRh4zRj5jRi6DRl6zRs7jRr8TRb8zRL9TRBCTg/CzhADThCEDhFEzhI\
        FjhKGDhMGzhOHjhRIDhTIzhWJjhYKDhaKzhdLjhfMDhhMzhjNjhlODhoOzhqPjhrQDhuQzh0Rjh2SDhzSzhwTjh1UDh6UzhvVjhT\
        WDg8Wzg5XjhCYDhGYzhGZjhLaDhRazhVbjhYcDhZczhbdjheeDhhezhlfjhngDhqgzhshjhwiDhwizhtjjhpkDhqkzhtljhwmDhw\
        mzh2njh+oDh2ozhdpjhCqDg7qzhDrjhJsDhMszhPtjhRuDhTuzhWvjhYwDhawzhcxjhdyDheyzhfzjhh0Dhj0zhm1jho2Dhq2zhs\
        3jhu4Dhx4zh05jh16Dh76ziF7jiB8Thp8zhO9Tg/CT0/Cz1BDT1DED1GEz1JFj1MGD1OGz1RHj1TID1WIz1YJj1bKD1dKz1gLj1j\
        MD1lMz1oNj1rOD1sOz1uPj1uQD10Qz2ARj2BSD1sSz1PTj1EUD1KUz1PVj1NWD1JWz1LXj1PYD1SYz1UZj1XaD1aaz1dbj1gcD1i\
        cz1kdj1oeD1sez1zfj12gD13gz19hj2FiD1+iz1ljj1LkD1Ekz1Mlj1SmD1Smz1Unj1YoD1Zoz1Xpj1UqD1Uqz1Yrj1esD1jsz1o\
        tj1ruD1suz1tvj1xwD16wz18xj1ryD1Pyz0+zj1A0D1J0z1N1j1O2D1Q2z1T3j1V4D1X4z1b5j1h6D1m6z1r7j1s8T1q8z1n9T1m\
        CUI/C0JBDUJDEEJGE0JKFkJNGEJQG0JTHkJWIEJYI0JbJkJeKEJhK0JkLkJnMEJpM0JsNkJxOEJ2O0J/PkKDQEKBQ0J2RkJjSEJR\
        S0JDTkI/UEJCU0JKVkJRWEJWW0JbXkJdYEJeY0JgZkJlaEJra0JxbkJzcEJ2c0J9dkJ9eEJwe0JffkJZgEJcg0JmhkJriEJni0JY\
        jkJIkEJEk0JKlkJSmEJZm0JdnkJgoEJjo0JppkJxqEJ5q0J6rkJwsEJfs0JVtkJXuEJdu0JfvkJiwEJpw0JrxkJkyEJWy0JOzkJR\
        0EJX00Jb1kJd2EJf20Jh3kJo4EJr40Jk5kJU6EJG60JF7kJO8UJW80Jc9UJgCUY/C0ZBDUZDEEZHE0ZLFkZOGEZRG0ZUHkZXIEZb\
        I0ZeJkZhKEZkK0ZoLkZrMEZvM0ZxNkZxOEZvO0Z0PkZ8QEZ2Q0ZdRkZESEZAS0ZLTkZVUEZXU0ZYVkZaWEZdW0ZgXkZkYEZpY0Zt\
        ZkZtaEZra0ZqbkZrcEZyc0Z8dkZ6eEZle0ZJfkY+gEZEg0ZMhkZOiEZRi0ZZjkZhkEZmk0ZplkZomEZlm0ZlnkZooEZso0ZupkZx\
        qEZ6q0Z8rkZrsEZQs0Y/tkZDuEZOu0ZSvkZUwEZXw0ZaxkZcyEZdy0ZfzkZi0EZl00Zp1kZs2EZu20Zw3kZ64EaB40Z35kZb6EZG\
        60ZE7kZO8UZT80ZU9UZVCUs/C0tBDUtEEEtJE0tNFktQGEtTG0tXHktaIEtdI0tgJktkKEtnK0tqLktuMEt3M0t5NktqOEtRO0tE\
        PktIQEtPQ0tPRktMSEtPS0tVTktZUEtdU0tfVktiWEtkW0tmXktrYEt4Y0t+ZktvaEtTa0tCbktFcEtPc0tVdktWeEtVe0tTfktT\
        gEtXg0tahktdiEthi0tojktxkEt8k0t+lkttmEtRm0tBnktEoEtOo0tRpktTqEtXq0tbrktasEtYs0tZtktguEtnu0tpvkttwEt3\
        w0t6xktqyEtOy0s+zktB0EtL00tQ1ktS2EtU20tY3kte4Etm40to5ktn6Etl60tn7kts8Utx80tz9Ut0CVA/C1BBDVBEEFBKE1BN\
        FlBRGFBUG1BYHlBbIFBgI1BjJlBoKFBqK1BrLlBwMFB/M1CHNlBzOFBOO1A3PlA6QFBHQ1BQRlBWSFBaS1BdTlBeUFBiU1BmVlBu\
        WFB3W1B+XlB/YFB2Y1BmZlBUaFBFa1BAblBEcFBKc1BOdlBQeFBVe1BfflBngFBug1B2hlB9iFB6i1BqjlBckFBdk1BkllBdmFBL\
        m1BBnlBEoFBNo1BWplBdqFBgq1BjrlBssFB3s1B0tlBkuFBXu1BWvlBewFBmw1BpxlBiyFBWy1BPzlBT0FBZ01Bd1lBg2FBn21Bq\
        3lBg4FBQ41BI5lBR6FBb61Bf7lBi8VBr81By9VB2CVQ/C1RBDVREEFRKE1ROFlRSGFRVG1RaHlReIFRjI1RlJlRqKFRuK1R0LlR5\
        MFR+M1R8NlRsOFRVO1RIPlRMQFRVQ1RZRlRcSFReS1RjTlRoUFRvU1RwVlRuWFRvW1R5XlR6YFRlY1RKZlRBaFRLa1RXblRbcFRd\
        c1RjdlRpeFRte1RwflRwgFRtg1RyhlR6iFR2i1RfjlRGkFQ/k1RIllRTmFRbm1RinlRooFRoo1RoplRoqFRoq1RtrlR3sFR9s1Rx\
        tlRWuFRCu1RDvlRPwFRWw1RYxlRayFRdy1RfzlRk0FRn01Rq1lRv2FR621R/3lRw4FRV41RE5lRH6FRR61RX7lRY8VRZ81RY9VRX\
        CVk/C1lBDVlFEFlLE1lQFllUGFlYG1ldHllhIFllI1loJllrKFlyK1l/LlmCMFlvM1lVNllHOFlKO1lRPllVQFlZQ1leRlljSFlk\
        S1loTllzUFl9U1l1VllcWFlGW1lIXllSYFlUY1lSZllTaFlYa1ldbllicFlmc1ltdll2eFmBe1mEfll0gFlZg1lKhllPiFlYi1lY\
        jllVkFlWk1lcllljmFlrm1l2nlmAoFl6o1lipllLqFlEq1lNrllWsFlas1latllZuFlau1lfvllpwFl1w1l4xlloyFlOy1k+zllD\
        0FlN01lS1llV2Fld21ll3lln4Flm41lm5llp6Flw61l77ll58Vlj81lL9Vk9CV4/C15BDV5FEF5ME15RFl5VGF5ZG15eHl5iIF5m\
        I15sJl5xKF5zK15uLl5hMF5RM15ENl5EOF5NO15XPl5cQF5eQ15hRl5nSF5yS156Tl53UF5pU15XVl5IWF5BW15DXl5LYF5TY15b\
        Zl5iaF5qa15ybl56cF54c15qdl5eeF5he15ofl5igF5Rg15Hhl5KiF5Vi15ijl5ukF56k159ll5ymF5im15bnl5joF5ko15Wpl5J\
        qF5Lq15Xrl5fsF5is15qtl52uF54u15qvl5cwF5dw15lxl5iyF5Wy15Ozl5S0F5c015m1l5n2F5a215K3l5I4F5T415d5l5g6F5m\
        615y7l548V5u815f9V5WCWI/C2JBDWJFEGJME2JRFmJVGGJaG2JfHmJjIGJnI2JxJmJ9KGJ4K2JcLmJAMGI8M2JLNmJVOGJYO2Jb\
        PmJfQGJlQ2JrRmJxSGJ4S2J4TmJkUGJLU2I+VmJHWGJUW2JaXmJdYGJjY2JoZmJpaGJoa2JtbmJ3cGJ0c2JedmJFeGJAe2JKfmJW\
        gGJeg2JmhmJtiGJui2JsjmJtkGJ1k2J7lmJsmGJSm2JDnmJIoGJVo2JgpmJmqGJnq2JmrmJnsGJss2J1tmJ+uGJ5u2JjvmJOwGJK\
        w2JTxmJbyGJdy2JfzmJj0GJq02J21mJ22GJk22JL3mJB4GJI42JS5mJY6GJa62JZ7mJZ8WJi82Jq9WJuCWc/C2dBDWdGEGdNE2dT\
        FmdXGGddG2diHmdmIGdqI2d0JmeCKGd+K2djLmdHMGdCM2dPNmdZOGdcO2dhPmdkQGdsQ2d6Rmd8SGdrS2dRTmdEUGdHU2dOVmdW\
        WGdbW2ddXmdkYGdwY2d5ZmdsaGdRa2dDbmdJcGdSc2dVdmdSeGdVe2dafmdjgGdrg2d3hmeCiGd8i2dljmdPkGdLk2dVlmdZmGdX\
        m2danmdhoGdso2d6pmd6qGdoq2dOrmdEsGdMs2dWtmdcuGdfu2dgvmdlwGdvw2d1xmdnyGdNy2c/zmdE0GdP02dW1mdZ2Gdd22dg\
        3mdk4Gdo42dx5md76Gd262de7mdI8WdH82dS9WdZCWw/C2xBDWxGEGxOE2xUFmxYGGxeG2xjHmxrIGxyI2xxJmxpKGxdK2xSLmxN\
        MGxOM2xVNmxbOGxgO2xnPmxuQGxvQ2xrRmxfSGxPS2xETmxEUGxRU2xaVmxdWGxiW2xuXmx2YGxxY2xiZmxRaGxEa2xBbmxFcGxP\
        c2xWdmxfeGxue2x3fmxwgGxgg2xahmxjiGxmi2xZjmxLkGxMk2xZlmxqmGx0m2xynmxkoGxao2xfpmxkqGxaq2xLrmxKsGxWs2xi\
        tmxsuGxqu2xgvmxYwGxaw2xjxmxgyGxUy2xQzmxU0Gxe02xo1mxp2Gxi22xY3mxU4Gxa42xn5mx06Gx362xr7mxe8Wxd82xk9Wxo\
        CXA/C3BBDXBGEHBOE3BUFnBZGHBeG3BjHnBwIHB5I3BuJnBRKHA8K3A+LnBOMHBXM3BaNnBfOHBjO3BuPnB8QHB3Q3BcRnBASHA9\
        S3BNTnBYUHBbU3BgVnBmWHBuW3B2XnBxYHBcY3BFZnA+aHBLa3BYbnBdcHBic3BodnBueHB2e3B2fnBlgHBMg3A/hnBDiHBQi3Bd\
        jnBkkHBnk3BmlnBumHB2m3BunnBVoHBDo3BDpnBSqHBeq3BlrnBosHBns3BstnB4uHB1u3BgvnBKwHBGw3BRxnBZyHBcy3BgznBk\
        0HBs03B51nB52HBn23BP3nBH4HBQ43BZ5nBY6HBa63Bh7nBr8XB283B89XB+CXU/C3VBDXVHEHVPE3VWFnVbGHVgG3VmHnVxIHV5\
        I3VvJnVVKHVCK3VELnVSMHVbM3VfNnVjOHVnO3VzPnWCQHWAQ3VlRnVKSHVGS3VTTnVdUHVgU3VqVnV4WHV4W3VkXnVMYHVEY3VK\
        ZnVSaHVYa3VebnVjcHVrc3V7dnV/eHVve3VWfnVKgHVMg3VThnVXiHVgi3VxjnV3kHVmk3VNlnVEmHVNm3VVnnVVoHVXo3VdpnVp\
        qHV4q3V+rnVwsHVWs3VItnVOuHVZu3VdvnVhwHVsw3VzxnVlyHVNy3U/znVF0HVR03VZ1nVd2HVg23Vk3nVu4HV343Vu5nVV6HVE\
        63VE7nVT8XVh83Vo9XVsCXo/C3pBDXpHEHpQE3pXFnpcGHphG3pnHnp1IHqDI3p7JnpfKHpJK3pJLnpWMHpdM3piNnptOHp5O3p6\
        PnpwQHphQ3pWRnpTSHpUS3paTnpoUHpzU3p1VnprWHpaW3pLXnpEYHpJY3pWZnpiaHpqa3pzbnp8cHp9c3p2dnpneHpVe3pLfnpP\
        gHpfg3pxhnp6iHp4i3pxjnphkHpQk3pGlnpGmHpSm3pjnnpxoHpzo3pnpnpbqHpdq3plrnpjsHpZs3pXtnpguHpku3pdvnpVwHpZ\
        w3phxnpeyHpUy3pQznpV0Hpf03pq1npr2Hpk23pb3nph4Hpv43py5npj6Hpa63pf7npm8Xpd83pQ9XpICX4+C35BDX5HEH5QE35X\
        Fn5dGH5kG35qHn5zIH54I35vJn5aKH5LK35NLn5aMH5jM35nNn5wOH52O35qPn5TQH5DQ35GRn5WSH5gS35jTn5sUH5yU35nVn5P\
        WH4/W35EXn5UYH5eY35iZn5kaH5ma35ubn56cH53c35idn5NeH5Oe35ffn5ngH5lg35qhn52iH50i35ejn5JkH5Lk35bln5kmH5j\
        m35onn5zoH5wo35cpn5GqH5Eq35Rrn5bsH5es35mtn5yuH5uu35Zvn5DwH5Bw35Oxn5YyH5cy35fzn5k0H5u03591n6A2H5v235X\
        3n5K4H5O435Y5n5f6H5r63577n598X5q835U9X5GCYM+C4NBDYNIEINRE4NXFoNfGINrG4NyHoNnIINSI4NEJoNHKINQK4NWLoNe\
        MINqM4NxNoNnOINRO4NDPoNFQINNQ4NURoNdSINqS4NvToNlUINQU4NDVoNEWINMW4NUXoNdYINpY4NvZoNjaINOa4NEboNMcINW\
        c4NWdoNZeINne4N0foNpgINQg4NDhoNLiINVi4NWjoNYkINmk4NzloNpmINQm4NCnoNJoINTo4NVpoNXqINlq4NwroNmsINOs4NC\
        toNJuINTu4NUvoNXwINkw4NvxoNlyINNy4M/zoNF0INT04Ne1oNo2INx24Ny3oNh4INJ44M85oNE6INT64Nf7oNn8YNs84Nu9YNt\
        CYg+C4hBDYhIEIhSE4hYFohgGIhuG4h1HohkIIhHI4g4JohDKIhUK4hcLohiMIhvM4h2NohlOIhIO4g7PohHQIhXQ4heRohkSIh1\
        S4iATohuUIhNU4g8VohIWIhZW4hfXohkYIh1Y4iBZohyaIhRa4g7bohAcIhSc4hmdohxeIhve4hgfohQgIhFg4hChohGiIhUi4hn\
        johzkIhxk4hjlohQmIhFm4hEnohOoIhfo4hvpoh2qIhyq4hkrohTsIhHs4hGtohQuIhhu4hxvoh4wIhzw4hlxohXyIhPy4hTzohd\
        0Ihg04hU1ohJ2IhQ24hf3ohh4IhW44hU5ohf6Ihi64hV7ohK8YhS84hg9YhoCYw+C4xBDYxIEIxSE4xZFoxhGIxuG4x2HoxpIIxR\
        I4xDJoxKKIxXK4xeLoxmMIx0M4x9NoxwOIxWO4xHPoxOQIxbQ4xkRoxrSIxzS4x4ToxrUIxYU4xNVoxUWIxgW4xqXoxyYIx6Y4x9\
        ZoxvaIxba4xTboxbcIxpc4xydoxueIxae4xFfoxAgIxNg4xehoxmiIxui4x2joxzkIxfk4xJloxGmIxWm4xjnoxkoIxoo4xzpox2\
        qIxmq4xRroxMsIxbs4xntoxouIxsu4x4vox7wIxsw4xXxoxOyIxVy4xkzoxw0Ixt04xb1oxI2IxG24xR3oxa4Ixe44xn5oxz6Ixy\
        64xf7oxL8YxN84xW9YxdCZE+C5FCDZFJEJFTE5FbFpFjGJFxG5F4HpFrIJFTI5FGJpFNKJFaK5FiLpFqMJF6M5GENpF2OJFcO5FM\
        PpFSQJFiQ5FxRpFySJFkS5FSTpFKUJFQU5FZVpFeWJFpW5F5XpGAYJFxY5FbZpFOaJFTa5FjbpFzcJFzc5FhdpFMeJFFe5FNfpFV\
        gJFcg5FqhpF6iJF7i5FpjpFTkJFKk5FRlpFimJFxm5FtnpFYoJFGo5FIppFVqJFdq5FhrpFusJF6s5F0tpFduJFMu5FNvpFcwJFr\
        w5FvxpFiyJFMy5FBzpFI0JFV05Fb1pFh2JFu25F13pFq4JFT45FI5pFP6JFc65Fi7pFo8ZFx85F39ZF7CZY+C5ZCDZZJEJZUE5Zb\
        FpZkGJZyG5Z5HpZtIJZVI5ZIJpZOKJZeK5ZqLpZvMJZuM5ZlNpZbOJZVO5ZUPpZaQJZpQ5Z9RpaBSJZrS5ZMTpZBUJZQU5ZmVpZz\
        WJZ4W5ZzXpZlYJZVY5ZNZpZWaJZoa5ZxbpZpcJZYc5ZLdpZGeJZKe5ZZfpZqgJZ3g5Z5hpZyiJZii5ZSjpZOkJZbk5ZulpZ0mJZn\
        m5ZVnpZIoJZGo5ZTppZgqJZfq5ZWrpZYsJZis5ZjtpZcuJZZu5ZhvpZrwJZrw5ZixpZWyJZQy5ZSzpZd0JZj05Zc1pZV2JZb25Zm\
        3pZl4JZd45Zb5pZl6JZr65Zj7pZf8ZZp85Z29ZZ/CZo+C5pCDZpJEJpUE5pcFppkGJpzG5p7HppvIJpWI5pKJppRKJpiK5pyLpp0\
        MJpgM5pGNppAOJpOO5pePppmQJpuQ5p4Rpp4SJpqS5pYTppTUJpdU5prVpp0WJpvW5paXppIYJpKY5paZppqaJpwa5pkbppNcJpA\
        c5pGdppYeJpke5prfpp1gJp7g5pxhppZiJpMi5pVjppnkJp1k5p1lpplmJpNm5pFnppSoJplo5pwppptqJpaq5pErpo/sJpMs5pZ\
        tppeuJpmu5p1vpp4wJpqw5pUxppMyJpUy5pkzppx0Jpw05pd1ppJ2JpJ25pX3ppg4Jpl45pv5pp/6JqA65ps7ppW8ZpT85pb9Zph\
        CZ8+C59CDZ9KEJ9VE59eFp9mGJ91G598Hp9wIJ9ZI59NJp9VKJ9lK591Lp93MJ9lM59NNp9HOJ9UO59lPp9yQJ9wQ59hRp9QSJ9M\
        S59VTp9jUJ9tU59pVp9YWJ9JW59HXp9SYJ9gY59pZp9iaJ9Pa59Dbp9GcJ9Rc59Xdp9ieJ90e59/fp93gJ9hg59Rhp9RiJ9fi59y\
        jp96kJ9uk59Xlp9LmJ9Pm59fnp9xoJ91o59kpp9OqJ9Hq59Orp9fsJ9ts59rtp9XuJ9Hu59Jvp9ZwJ9nw59sxp9gyJ9Ly59Bzp9J\
        0J9Y059e1p9k2J9y25963p9v4J9Z459R5p9d6J9u65957p918Z9i859Q9Z9ECaQ+C6RCDaRKEKRVE6RdFqRnGKR6G6SGHqR6IKRe\
        I6RPJqRVKKRpK6R+LqSDMKRyM6RXNqRNOKRXO6RsPqSAQKR+Q6RjRqRHSKRFS6RYTqRxUKSAU6R2VqRYWKRCW6RFXqRcYKR0Y6R9\
        ZqRtaKROa6Q+bqRIcKRfc6RwdqR4eKR3e6RrfqRbgKRQg6RWhqRqiKR4i6R1jqRlkKRUk6RNlqRYmKRsm6R3nqRvoKRfo6RPpqRL\
        qKRaq6RurqRzsKRos6RYtqRLuKRKu6RXvqRmwKRow6RfxqRVyKRPy6RTzqRe0KRl06Re1qRY2KRj26Rz3qR34KRs46Rc5qRO6KRP\
        66Rh7qRz8aRw86Rj9aRbCag+C6hCDahKEKhWE6hgFqhpGKh1G6h6HqhuIKhcI6hUJqhcKKhrK6h4Lqh4MKhqM6hYNqhUOKhfO6hu\
        Pqh5QKh1Q6hlRqhWSKhWS6hjTqhxUKh4U6hxVqhfWKhUW6haXqhpYKh2Y6h4ZqhsaKhaa6hTbqhccKhsc6h4dqh2eKhke6hQfqhO\
        gKhfg6hxhqh6iKhyi6hdjqhMkKhQk6hklqh0mKh5m6htnqhWoKhLo6hUpqhoqKh2q6h2rqhosKhUs6hOtqhZuKhru6h3vqh1wKhl\
        w6hRxqhLyKhTy6hkzqhz0Khy06hi1qhO2KhH26hR3qhi4Khx46hv5qhd6KhM66hJ7qhU8ahl86hx9ah5Ca0+C61CDa1JEK1YE61p\
        Fq1sGK1gG61OHq1HIK1OI61dJq1rKK1tK61dLq1MMK1KM61UNq1jOK1uO61qPq1ZQK1MQ61MRq1ZSK1oS61wTq1oUK1XU61MVq1Q\
        WK1eW61xXq14YK1rY61WZq1LaK1Sa61jbq11cK14c61odq1TeK1Me61Vfq1ogK15g613hq1kiK1Si61Ojq1bkK1uk618lq11mK1f\
        m61Pnq1RoK1go611pq1+qK1xq61arq1RsK1bs61ttq19uK1+u61qvq1YwK1cw61nxq1hyK1Ly61Bzq1J0K1a061q1q1r2K1a261F\
        3q1A4K1N461g5q1t6K1q661U7q1D8a1L861d9a1oCbI+C7JCDbJJELJZE7JsFrJuGLJbG7JCHrI7ILJMI7JjJrJyKLJvK7JYLrJB\
        MLJBM7JUNrJtOLJ+O7J0PrJXQLJCQ7JGRrJeSLJ3S7KBTrJxULJTU7JGVrJUWLJkW7JmXrJcYLJPY7JIZrJSaLJna7JxbrJscLJd\
        c7JOdrJLeLJbe7JwfrJ3gLJsg7JchrJOiLJRi7JkjrJ3kLJ4k7JrlrJdmLJZm7JhnrJyoLJ7o7J2prJpqLJiq7JhrrJcsLJXs7Ja\
        trJjuLJsu7JqvrJkwLJfw7JcxrJUyLJPy7JTzrJf0LJn07Jm1rJe2LJW27JU3rJZ4LJk47Jp5rJm6LJg67Je7rJZ8bJP87JH9bJC\
        CbY+C7ZCDbZKELZZE7ZrFrZvGLZgG7ZMHrZFILZRI7ZkJrZzKLZzK7ZgLrZNMLZNM7ZbNrZrOLZ0O7ZtPrZcQLZRQ7ZXRrZlSLZ0\
        S7Z5TrZuULZbU7ZaVrZqWLZuW7ZXXrZAYLZBY7ZUZrZnaLZva7ZkbrZQcLZEc7ZOdrZieLZye7Z0frZlgLZPg7ZKhrZYiLZti7Z5\
        jrZ3kLZlk7ZTlrZOmLZam7ZsnrZ6oLZ6o7ZoprZYqLZeq7ZqrrZjsLZMs7ZCtrZMuLZgu7ZuvrZxwLZiw7ZQxrZJyLZTy7ZlzrZ0\
        0LZ007Zk1rZR2LZP27Zc3rZv4LZ+47Z55rZj6LZV67Zf7rZp8bZd87ZL9bZACbs+C7tCDbtKELtaE7ttFrtxGLtiG7tNHrtHILtT\
        I7tnJrt2KLt1K7thLrtQMLtWM7tlNrtiOLtQO7tFPrtKQLtZQ7tpRrttSLtjS7tTTrtMULtTU7tmVrt5WLt6W7tiXrtNYLtRY7ti\
        ZrthaLtPa7tDbrtGcLtWc7tqdrtzeLtoe7tUfrtJgLtOg7thhrt1iLt6i7tpjrtXkLtWk7tglrtbmLtLm7tEnrtNoLteo7tsprtw\
        qLtkq7tSrrtJsLtOs7tftrtyuLt2u7tkvrtUwLtYw7tlxrtfyLtLy7tBzrtK0Ltd07ts1rtv2Ltg27tN3rtM4Ltc47tv5rt46Lty\
        67tg7rtS8btV87ti9btpCcA+C8BCDcBLEMBaE8BuFsByGMBjG8BPHsBIIMBUI8BrJsB/KMCBK8BpLsBUMMBaM8BrNsBjOMBHO8A7\
        PsBHQMBgQ8B4RsB+SMBpS8BMTsBHUMBZU8BoVsBmWMBeW8BVXsBXYMBoY8B4ZsBraMBMa8BAbsBQcMBic8BldsBbeMBNe8BHfsBT\
        gMBpg8B1hsBwiMBgi8BRjsBRkMBmk8B8lsBymMBQm8BCnsBSoMBmo8BqpsBgqMBTq8BLrsBWsMBts8B5tsByuMBmu8BhvsBfwMBd\
        w8BZxsBUyMBPy8BTzsBg0MBp08Bo1sBi2MBf28Bd3sBS4MBH48BO5sBl6MB168Bw7sBj8cBc88Bb9cBbCcQ9C8RCDcRLEMRbE8Ru\
        FsRzGMRkG8RQHsRLIMRZI8RrJsR3KMR1K8RkLsRXMMRgM8RvNsRpOMRTO8RJPsRTQMRlQ8RyRsR0SMRnS8RXTsRcUMRuU8RsVsRT\
        WMRBW8RJXsRdYMRuY8R0ZsRpaMRXa8RWbsRocMRtc8RXdsRAeMREe8RZfsRtgMRzg8RphsRViMRLi8RWjsRrkMR5k8R9lsRzmMRk\
        m8RhnsRsoMRso8RapsRJqMRPq8RjrsR2sMR8s8RytsRguMRXu8RivsRswMRhw8ROxsRIyMRSy8RlzsR10MR208Rl1sRV2MRb28Ro\
        3sRk4MRR48RF5sRI6MRY68Rt7sR48cRr88RX9cRLCck9C8lCDclLEMldE8lwFsl1GMllG8lRHslRIMliI8lmJslWKMlJK8lKLslZ\
        MMlrM8l0NslrOMlWO8lQPslgQMlpQ8ldRslMSMlJS8lVTslqUMl7U8l2VsldWMlNW8lZXsloYMlhY8lRZslJaMlRa8lkbsl5cMl7\
        c8lkdslPeMlYe8lufslsgMlYg8lKhslMiMlei8l0jsl+kMlxk8ldlslcmMltm8lwnsleoMlNo8lMpslZqMlwq8l+rsl4sMljs8lb\
        tslpuMlvu8lgvslPwMlVw8lkxsldyMlKy8lCzslL0Mlf08lv1slz2Mlk28lS3slT4Mlj48li5slN6MlA68lL7slh8clv88lx9cly\
        Cc49C85CDc5MEM5eE85xFs52GM5mG85SHs5UIM5nI85mJs5OKM48K85ELs5bMM51M86BNs53OM5dO85UPs5lQM5tQ85YRs5CSM5J\
        S85eTs5oUM5kU85bVs5VWM5cW85wXs57YM5nY85LZs5KaM5ja85ybs5scM5ic85eds5deM5de85afs5QgM5Hg85Phs5liM53i850\
        js5okM5ik85ils5hmM5gm85Yns5NoM5Po85kps54qM56q85urs5msM5ms85lts5juM5gu85evs5cwM5Zw85Xxs5RyM5Oy85Tzs5g\
        0M5s085s1s5l2M5i285h3s5e4M5b485a5s5a6M5V685I7s5F8c5X885s9c55CdI9C9JCDdJMENJeE9JyFtJ3GNJoG9JUHtJVINJo\
        I9JqJtJXKNJIK9JPLtJgMNJxM9J3NtJuONJcO9JbPtJuQNJ3Q9JkRtJRSNJaS9JqTtJjUNJKU9JAVtJOWNJkW9JyXtJ1YNJpY9Jb\
        ZtJcaNJpa9JmbtJRcNJJc9JcdtJreNJde9JDftJAgNJVg9JqhtJ1iNJwi9JejtJQkNJZk9JpltJjmNJNm9JHntJXoNJuo9J7ptJ7\
        qNJsq9JcrtJesNJus9JvttJbuNJRu9JdvtJowNJew9JKxtJGyNJSy9JlztJ20NJ409Jo1tJY2NJg29Jv3tJp4NJV49JP5tJd6NJm\
        69JY7tJI8dJJ89JS9dJYCdc9C9dCDddMENdfE9dzFtd5GNdqG9dWHtdYINdqI9dsJtdXKNdLK9dYLtdmMNdgM9dPNtdJONdSO9dn\
        Ptd8QNeAQ9drRtdWSNdeS9dwTtdqUNdTU9dNVtdeWNdqW9ddXtdOYNdUY9dgZtddaNdNa9dDbtdHcNdZc9dydtd8eNdqe9dQftdT\
        gNdrg9dyhtdeiNdQi9dXjtdhkNdak9dLltdGmNdNm9dhntd3oNd+o9dsptdbqNdiq9dxrtdtsNdZs9dVttdjuNdqu9dbvtdLwNdS\
        w9dgxtdcyNdKy9dCztdN0Ndh09dy1td22Ndp29dX3tda4Ndp49dq5tdY6NdN69dZ7tdl8dda89dH9dc8Cdw9C9xCDdxNENxgE9x0\
        Ftx6GNxrG9xYHtxbINxtI9xwJtxbKNxPK9xfLtxsMNxdM9xGNtxGONxaO9xoPtxmQNxdQ9xZRtxdSNxtS9x6Ttx0UNxfU9xbVtxt\
        WNx0W9xfXtxKYNxWY9xrZtxmaNxMa9xFbtxYcNxqc9xpdtxheNxfe9xhftxhgNxdg9xWhtxPiNxVi9xqjtx4kNxok9xQltxQmNxl\
        m9xzntxxoNxoo9xjptxiqNxiq9xjrtxhsNxds9xbttxcuNxcu9xZvtxUwNxVw9xWxtxSyNxNy9xRztxf0Nxs09xv1txs2Nxn29xk\
        3txk4Nxk49xk5txg6Nxd69xd7txe8dxc89xY9dxXCd89C99CDd9NEN9gE991Ft97GN9sG99ZHt9cIN9vI99xJt9dKN9RK99gLt9u\
        MN9jM99QNt9SON9lO99lPt9PQN8/Q99IRt9fSN93S9+BTt94UN9jU99fVt9xWN96W99qXt9ZYN9hY99yZt9uaN9Ya99Vbt9ncN9u\
        c99Zdt9FeN9Qe99mft9hgN9Ig98/ht9OiN9ni997jt+AkN9yk99glt9kmN92m991nt9eoN9Ro99kpt92qN9nq99Ort9RsN9ps99s\
        tt9TuN9Fu99Yvt9qwN9cw99Ext9AyN9Ty99tzt+B0N9/099p1t9W2N9i29953t904N9Y499T5t9q6N91699g7t9L8d9V899p9d93
        """),
  ]
}
